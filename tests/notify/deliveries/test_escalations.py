"""What must be acknowledged is sent again, then told to others, until somebody has read it."""

from typing import Any

import pytest

from services.notify.deliveries.escalation import MOST_STEPS
from shared.events import ContactErased, Event, NotifyUnacknowledged
from shared.testing import CHEN, LEAD, LIU, NOON, Person, World
from tests.notify.conftest import MailServer, deliveries_to, notify_of, sent, templates_to
from tests.notify.samples import ALARM, INCIDENT, TICKET, assigned, opened

ALARMED = ALARM.model_copy(update={"assignee": LIU.sub})


async def pass_steps(world: World, count: int, minutes: int = 10) -> None:
    for _ in range(count):
        await world.pass_time(minutes=minutes)
        await sent(world)
        await world.pass_time(seconds=0)
        await sent(world)


async def alarmed(world: World, *events: Event) -> None:
    for event in (opened(), assigned(LIU), *(events or (ALARMED,))):
        await world.publish(event)
    await sent(world)


async def read(world: World, who: Person, template: str) -> None:
    async with world.as_(who, "notify") as client:
        found: list[Any] = (await client.get(f"/v1/notifications?mine=true&template={template}")).json()["items"]
        assert (await client.post(f"/v1/notifications/{found[0]['id']}/read")).status_code == 200


async def test_nobody_reads_it_and_more_and_more_are_told(mailing: World, mail_server: MailServer) -> None:
    await alarmed(mailing)
    before = len(mail_server.to(LIU.email))
    await pass_steps(mailing, 1)
    assert len(mail_server.to(LIU.email)) == before + 1  # once more, under the same id
    assert [mail["Message-ID"] for mail in mail_server.to(LIU.email)].count(mail_server.mails[-1]["Message-ID"]) == 2
    assert mailing.published(NotifyUnacknowledged) == []
    await pass_steps(mailing, 1)
    assert (await templates_to(mailing, "role:lead")).count("unacknowledged") == 1
    assert "unacknowledged" not in await templates_to(mailing, "role:admin")
    await pass_steps(mailing, 1)
    assert (await templates_to(mailing, "role:lead")).count("unacknowledged") == 2
    assert (await templates_to(mailing, "role:admin")).count("unacknowledged") == 1
    [told] = [one for one in await deliveries_to(mailing, "role:admin") if one.template == "unacknowledged"]
    assert (LIU.name in told.words["zh"].title, LIU.name in told.words["en"].title) == (True, True)
    await pass_steps(mailing, MOST_STEPS, minutes=60)
    assert len(mailing.published(NotifyUnacknowledged)) == MOST_STEPS - 1
    [one] = await notify_of(mailing).deliveries.escalations.store.where({})
    assert (one.due_at, one.ended_because) == (None, "given_up")


@pytest.mark.parametrize(
    ("who", "template", "after"), [(LIU, "alarm", 0), (LIU, "alarm", 1), (LEAD, "unacknowledged", 2)]
)
async def test_it_ends_when_somebody_reads_it(mailing: World, who: Person, template: str, after: int) -> None:
    await alarmed(mailing)
    await pass_steps(mailing, after)
    await read(mailing, who, template)
    before = len(mailing.published(NotifyUnacknowledged))
    await pass_steps(mailing, 4)
    assert len(mailing.published(NotifyUnacknowledged)) == before
    [one] = await notify_of(mailing).deliveries.escalations.store.where({})
    assert (one.due_at, one.ended_because) == (None, "acknowledged")


async def test_it_ends_when_somebody_else_has_the_ticket_or_the_customer_is_erased(mailing: World) -> None:
    store = notify_of(mailing).deliveries.escalations.store
    await alarmed(mailing)
    await mailing.publish(assigned(CHEN))
    await pass_steps(mailing, 3)
    assert [one.ended_because for one in await store.where({})] == ["passed_on"]
    await mailing.publish(ContactErased(subject="ct-1", time=NOON, tickets=[TICKET]))
    assert [one.title for one in await store.where({}) if "Excel" in one.title] == []
    assert mailing.published(NotifyUnacknowledged) == []


async def test_whoever_is_on_call_must_acknowledge_an_incident(mailing: World) -> None:
    await alarmed(mailing, INCIDENT)
    await pass_steps(mailing, 2)
    told = mailing.published(NotifyUnacknowledged)
    assert {one.subject for one in told} == {INCIDENT.subject}
    assert {one.recipient for one in told} == {one.sub for one in INCIDENT.on_call}


async def test_what_is_not_urgent_needs_no_acknowledgement(mailing: World) -> None:
    await alarmed(mailing, opened())
    assert await notify_of(mailing).deliveries.escalations.store.count({}) == 0
