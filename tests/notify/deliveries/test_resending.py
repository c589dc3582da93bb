"""Deliveries are looked for, sent once more, and cleared."""

from datetime import timedelta
from typing import Any

import pytest

from services.notify.deliveries.domain import DeliveryState
from services.notify.deliveries.resending import MOST_AT_ONCE
from shared.testing import ADMIN, AGENT, AUDITOR, CHEN, LEAD, WANG, Person, World
from tests.notify.conftest import MailServer, deliveries_to, notify_of, sent
from tests.notify.samples import ASKED, TICKET, opened

ALL, ONE = "/v1/notification-redeliveries", "/v1/notifications/{}/redelivery"


async def ask(world: World, who: Person, method: str, path: str, status: int = 202, **body: Any) -> Any:
    async with world.as_(who, "notify") as client:
        answer = await client.request(method, path, json=body if path == ALL else None)
    assert answer.status_code == status, answer.text
    return answer.json()


async def refused_by_the_server(world: World, mail_server: MailServer, count: int = 1) -> list[str]:
    """The ids of mails that failed."""
    mail_server.answers = ["550 5.7.1 not today"] * count
    for number in range(1, count + 1):
        await world.publish(opened(ticket=f"TK-2026-{number:06d}"))
    await sent(world)
    return [one.id for one in await notify_of(world).deliveries.store.where({"state": "failed"}, "ticket")]


async def test_one_that_failed_is_sent_again_under_its_id_with_all_tries(
    mailing: World, mail_server: MailServer
) -> None:
    [id] = await refused_by_the_server(mailing, mail_server)
    mail_server.answers = ["451 4.3.0 later"]
    view = await ask(mailing, AGENT, "POST", ONE.format(id))
    assert (view["id"], view["state"]) == (id, "queued")
    await mailing.pass_time(seconds=0)
    await sent(mailing)
    [waiting] = await deliveries_to(mailing, WANG.sub)
    assert (waiting.state, len(waiting.attempts)) == (DeliveryState.QUEUED, 2)
    await mailing.pass_time(seconds=10)
    await sent(mailing)
    [delivery] = await deliveries_to(mailing, WANG.sub)
    assert (delivery.state, [bool(one.error) for one in delivery.attempts]) == (DeliveryState.SENT, [True, True, False])
    [mail] = mail_server.mails
    assert f".{id}@" in mail["Message-ID"]


async def test_those_that_match_are_sent_again_and_each_is_answered(mailing: World, mail_server: MailServer) -> None:
    ids = await refused_by_the_server(mailing, mail_server, 3)
    done = await ask(mailing, LEAD, "POST", ALL, state="failed", channel="email", ticket=TICKET)
    assert done == {"items": [{"notification": ids[0], "status": 202, "code": "", "detail": ""}], "has_more": False}
    assert (await ask(mailing, LEAD, "POST", ALL, channel="wecom"))["items"] == []
    named = await ask(mailing, ADMIN, "POST", ALL, notifications=[ids[0], "nothing", ids[1]])
    assert [(one["notification"], one["status"], one["code"]) for one in named["items"]] == [
        (ids[0], 409, "still-queued"),
        ("nothing", 404, "not-found"),
        (ids[1], 202, ""),
    ]
    await mailing.pass_time(seconds=0)
    await sent(mailing)
    assert len(mail_server.mails) == 2


async def test_at_most_a_hundred_are_sent_again_at_once(mailing: World, mail_server: MailServer) -> None:
    store = notify_of(mailing).deliveries.store
    [id] = await refused_by_the_server(mailing, mail_server)
    failed = await store.get(id)
    for number in range(MOST_AT_ONCE):
        await store.add(failed.model_copy(update={"id": f"d{number}"}), [], opened())
    first = await ask(mailing, LEAD, "POST", ALL)
    assert (len(first["items"]), first["has_more"]) == (MOST_AT_ONCE, True)
    assert {one["status"] for one in first["items"]} == {202}
    second = await ask(mailing, LEAD, "POST", ALL)
    assert (len(second["items"]), second["has_more"]) == (1, False)


async def test_what_is_only_read_online_or_was_erased_is_not_sent(world: World) -> None:
    await world.publish(opened())
    [delivery] = await deliveries_to(world)
    assert (await ask(world, LEAD, "POST", ONE.format(delivery.id), 409))["code"] == "nothing-to-send"


@pytest.mark.parametrize("who", [WANG, CHEN, AUDITOR])
async def test_who_only_reads_sends_nothing_again(world: World, who: Person) -> None:
    await world.publish(opened())
    [delivery] = await deliveries_to(world)
    for path in (ONE.format(delivery.id), ALL):
        assert (await ask(world, who, "POST", path, 403))["code"] == "forbidden"
    [after] = await deliveries_to(world)
    assert after.version == delivery.version


@pytest.mark.parametrize(
    "wrong",
    [{"state": "sent"}, {"notifications": ["x"] * 101}, {"notifications": ["x"], "ticket": TICKET}, {"more": 1}],
)
async def test_what_is_no_selection_is_refused(world: World, wrong: dict[str, Any]) -> None:
    assert (await ask(world, LEAD, "POST", ALL, 422, **wrong))["code"] == "invalid"


async def test_the_list_is_narrowed_and_opens_nothing_to_customers(mailing: World) -> None:
    await mailing.publish(opened())
    await mailing.publish(ASKED)
    await sent(mailing)

    async def found(who: Person, query: str) -> list[str]:
        return [one["template"] for one in (await ask(mailing, who, "GET", f"/v1/notifications?{query}", 200))["items"]]

    assert await found(LEAD, "channel=email&event=ticket.opened") == ["opened"]
    assert await found(LEAD, f"recipient={WANG.sub}&template=questions_asked&state=sent") == ["questions_asked"]
    assert await found(LEAD, "channel=telephone") == []
    assert await found(WANG, f"recipient={WANG.sub}&event=ticket.opened") == ["opened"]
    assert await found(WANG, f"recipient={LEAD.sub}") == []


async def test_old_ones_are_cleared_but_what_waits(mailing: World, mail_server: MailServer) -> None:
    mail_server.answers = ["250 ok", "451 later"]
    await mailing.publish(opened())
    await sent(mailing)
    await mailing.publish(ASKED)
    await sent(mailing)
    store = notify_of(mailing).deliveries.store
    began, kept = mailing.time, store.kept_for
    mailing.time = began + kept
    assert await store.remove_expired() == 0
    mailing.time = began + kept + timedelta(seconds=1)
    assert await store.remove_expired() == 0  # what it told may not be on the bus yet
    await mailing.runtimes["notify"].sender.clear()
    assert await store.remove_expired() == 1
    assert [one.template for one in await store.where({})] == ["questions_asked"]
