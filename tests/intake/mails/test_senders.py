"""Whether a mail comes from whom it names."""

from collections.abc import AsyncIterator

import pytest

from services.intake.app import create_app
from services.intake.mails.parsing import parse
from services.intake.mails.senders import is_doubtful
from shared.testing import Servers, World, running
from tests.intake.mails.samples import SUPPORT, ZHANG, raw
from tests.intake.mails.test_handlers import answered, tickets

OURS = "mx.desk.example"


@pytest.fixture
async def world(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setenv("BIHUAN_MAIL_MAILBOXES", f'["{SUPPORT}"]')
    monkeypatch.setenv("BIHUAN_MAIL_CHECKED_BY", OURS)
    async with running(servers, create_app) as world:
        yield world


@pytest.mark.parametrize(
    ("checks", "doubtful"),
    [
        ([], False),
        (["mx.desk.example; none"], False),
        (["mx.desk.example; spf=pass smtp.mailfrom=a.example; dkim=none; dmarc=pass header.from=a.example"], False),
        (["MX.desk.example 1; dkim=pass header.d=a.example; spf=softfail (mx: not; a (b) relay); dmarc=none"], False),
        (["mx.desk.example; spf=pass smtp.mailfrom=evil.example; dmarc=fail (p=none) header.from=a.example"], True),
        (["mx.desk.example; spf=none; dkim=none"], True),
        (["mx.desk.example; spf=fail", "mx.desk.example; dkim=pass"], False),
        (["mx.evil.example; dmarc=pass", "mx.desk.example; dmarc=fail"], True),
        (['mx.desk.example; spf=fail (helo (b) x; dkim=pass) reason="x\\"; dkim=pass"'], True),
        (["mx.evil.example; dmarc=fail"], False),
        (["mx.desk.example.evil.example; dmarc=fail"], False),
        (["; ; =", "(" * 5_000, "mx.desk.example" + ";" * 5_000], False),
    ],
)
def test_only_our_own_server_counts(checks: list[str], doubtful: bool) -> None:
    assert is_doubtful(checks, OURS) is doubtful
    assert not is_doubtful(checks, "")


def test_what_servers_say_is_read_from_the_mail() -> None:
    found = parse(
        raw("Authentication-Results: mx.desk.example;", " dmarc=fail", "authentication-results: x; spf=pass", "", "hi")
    )
    assert [" ".join(one.split()) for one in found.checks] == ["mx.desk.example; dmarc=fail", "x; spf=pass"]
    assert is_doubtful(found.checks, OURS)


@pytest.mark.parametrize("way", [{"subject": "Re: [{ticket}] x"}, {"In_Reply_To": "<t.{name}.1@desk.test>"}])
async def test_what_the_mail_server_doubts_is_not_taken_for_the_customers_word(
    world: World, way: dict[str, str]
) -> None:
    """What others say of it counts for nothing; the number in a subject does not count, and staff are told."""
    doubt = f"{OURS}; spf=fail smtp.mailfrom=x.example; dkim=none; dmarc=fail (p=reject) header.from=customer"
    await answered(world, **way, Authentication_Results=doubt)
    found = await tickets(world)
    [note] = [message for one in found for message in one["messages"] if message["internal"]]
    assert note["text"] == f"邮件服务器无法确认发件人 · The mail server cannot confirm the sender: {ZHANG}"
    said = [message for message in found[0]["messages"] if not message["internal"]]
    assert len(found) == (2 if "subject" in way else 1)
    assert [one["author"] for one in said] == ([] if "subject" in way else [f"mailto:{ZHANG}"])
