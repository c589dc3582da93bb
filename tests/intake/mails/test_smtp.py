"""The mailbox on a socket, as a relay uses it."""

from collections.abc import AsyncIterator

import aiosmtplib
import pytest

from services.intake.app import create_app
from services.intake.mails.handlers import MailHandlers
from services.intake.mails.settings import MailSettings
from services.intake.mails.smtp import Inbox, MailListener
from shared.mail_threads import MailThreads
from shared.mongo import TRANSIENT_ERRORS
from shared.testing import AGENT, LEAD, SECRET, WANG, Servers, World, running
from tests.intake.mails.samples import SUPPORT, ZHANG, mail


@pytest.fixture
async def world(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setenv("BIHUAN_MAIL_MAILBOXES", f'["{SUPPORT}"]')
    async with running(servers, create_app) as world:
        yield world


@pytest.fixture
async def listener(world: World) -> AsyncIterator[MailListener]:
    mails: MailHandlers = world.apps["intake"].state.service.mails
    settings = MailSettings(mailboxes=[SUPPORT], listen="127.0.0.1:0", max_mb=1)
    found = MailListener(Inbox(mails, settings), settings)
    await found.start()
    yield found
    await found.stop()


async def send(listener: MailListener, raw: bytes, to: str = SUPPORT) -> str:
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=listener.port) as relay:
        return (await relay.sendmail("bounces@mx.example", [to], raw))[1]


async def test_a_mail_handed_over_becomes_a_ticket(world: World, listener: MailListener) -> None:
    answer = await send(listener, mail())
    assert answer.startswith("2.0.0 M-")
    await world.pass_time(seconds=1)
    async with world.as_(LEAD, "intake") as lead:
        [row] = (await lead.get("/v1/tickets")).json()["items"]
        [shown] = (await lead.get("/v1/mails")).json()["items"]
        source = await lead.get(f"/v1/mails/{shown['id']}/source")
    assert (row["title"], shown["ticket"]) == ("生产环境登录失败", row["ticket"])
    assert b"Message-ID: <1@customer.example>" in source.content
    assert int(source.headers["content-length"]) == len(source.content)
    assert source.headers["content-security-policy"] == "sandbox"


async def test_the_address_to_answer_to_is_a_mailbox(listener: MailListener) -> None:
    assert await send(listener, mail(), MailThreads(SECRET).reply_address(SUPPORT, "TK-2026-000001"))
    assert await send(listener, mail(), SUPPORT.upper())


@pytest.mark.parametrize(
    "to", ["x@other.example", "other@desk.example", "support@desk.example.evil.example", "support"]
)
async def test_what_is_for_others_is_refused(listener: MailListener, to: str) -> None:
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
        await send(listener, mail(), to)
    assert 500 <= refused.value.recipients[0].code < 560


async def test_a_mail_that_is_too_large_is_refused(listener: MailListener) -> None:
    with pytest.raises(aiosmtplib.SMTPException) as refused:
        await send(listener, mail("x" * 70 + "\n") + b"x" * 2_000_000)
    assert getattr(refused.value, "code", 0) == 552


async def test_what_cannot_be_stored_now_stays_with_the_relay(
    world: World, listener: MailListener, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise TRANSIENT_ERRORS[0]("away")

    with monkeypatch.context() as broken:
        broken.setattr(type(world.apps["intake"].state.service.mails.files), "save", away)
        with pytest.raises(aiosmtplib.SMTPDataError) as refused:
            await send(listener, mail())
    assert refused.value.code == 451
    assert await send(listener, mail())


async def test_only_the_relay_may_hand_over(world: World) -> None:
    settings = MailSettings(mailboxes=[SUPPORT], listen="127.0.0.1:0", relays=["10.0.0.0/8"])
    listener = MailListener(Inbox(world.apps["intake"].state.service.mails, settings), settings)
    await listener.start()
    try:
        with pytest.raises(aiosmtplib.SMTPSenderRefused) as refused:
            await send(listener, mail())
        assert refused.value.code == 554
    finally:
        await listener.stop()
    with pytest.raises(LookupError):
        assert listener.port


async def test_nobody_but_staff_sees_mails(world: World, listener: MailListener) -> None:
    await send(listener, mail(Precedence="bulk", sender=ZHANG))
    await world.pass_time(seconds=1)
    async with world.as_(AGENT, "intake") as agent:
        [shown] = (await agent.get("/v1/mails")).json()["items"]
        assert (await agent.get("/v1/mails/M-none/source")).status_code == 404
    async with world.as_(WANG, "intake") as wang:
        for ask in (wang.get("/v1/mails"), wang.get(f"/v1/mails/{shown['id']}/source")):
            assert (await ask).status_code == 403
        assert (await wang.post(f"/v1/mails/{shown['id']}/acceptance")).status_code == 403
