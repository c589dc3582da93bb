"""The live stream, over a real server: who sees what, and nothing is missed."""

import asyncio
from dataclasses import replace

import httpx2
import pytest

from shared.events import TicketCalledBack, TicketCompleted, TicketWaiting, TriageReleased
from shared.terms import WaitingFor
from shared.testing import EDITOR, LEAD, LIU, NOON, VIEWER, WANG, ZHAO, Person, World
from tests.notify.conftest import notify_of
from tests.notify.samples import ASKED, BREACHED, DRAFTED, INCIDENT, PLANNED, PROBLEM, TICKET, assigned, opened, posted
from tests.notify.stream.client import following, publish, until

RELEASED = TriageReleased(subject=TICKET, time=NOON, engineer=LIU.sub, reason="下班")
WAITING = TicketWaiting(subject=TICKET, time=NOON, waiting_for=WaitingFor.CUSTOMER_INFORMATION)


async def test_staff_follow_everything_as_it_happens(world: World, url: str) -> None:
    await publish(world, opened())
    async with following(world, url, LIU) as stream:
        await publish(world, ASKED, RELEASED, BREACHED)
        events = await stream.events(3)
    assert [event["event"] for event in events] == ["ticket.questions_asked", "triage.released", "sla.breached"]
    assert [event["place"] for event in events] == [2, 3, 4]
    assert events[0]["type"] == "bihuan.ticket.questions_asked.v1"
    assert events[0]["data"]["questions"][0]["field"] == "error_text"


async def test_customers_follow_their_own_tickets_and_nothing_internal(world: World, url: str) -> None:
    hers, other = opened(WANG), opened(ZHAO, ticket="TK-2026-000002")
    async with following(world, url, WANG) as stream:
        await publish(
            world,
            other,
            hers,
            posted("内部备注", LIU, by_staff=True, internal=True),
            BREACHED,
            RELEASED,
            TicketCalledBack(subject=TICKET, time=NOON, cause_of_dissatisfaction="慢"),
            assigned(),
            posted("您好", LIU, by_staff=True),
            ASKED.model_copy(update={"subject": "TK-2026-000002", "id": "another"}),
            WAITING,
        )
        events = await stream.events(4)
    assert [(event["event"], event["subject"]) for event in events] == [
        ("ticket.opened", TICKET),
        ("triage.assigned", TICKET),
        ("ticket.message_posted", TICKET),
        ("ticket.waiting", TICKET),
    ]
    assert events[1]["data"] == {"engineer": LIU.sub, "engineer_name": LIU.name}


async def test_editors_follow_articles_and_training_and_nothing_of_tickets(world: World, url: str) -> None:
    async with following(world, url, EDITOR) as stream:
        await publish(world, opened(WANG), posted("内部备注", LIU, by_staff=True, internal=True), ASKED, RELEASED)
        await publish(world, BREACHED, INCIDENT, DRAFTED, WAITING, PLANNED)
        events = await stream.events(2)
    assert [event["event"] for event in events] == ["kb.article_drafted", "kb.training_planned"]


@pytest.mark.parametrize("person", [WANG, VIEWER], ids=lambda one: one.roles[0])
async def test_an_editor_who_is_a_customer_too_follows_their_tickets_as_a_customer(
    world: World, url: str, person: Person
) -> None:
    both = replace(person, roles=(*person.roles, "kb_editor"))
    async with following(world, url, both) as stream:
        await publish(world, opened(ZHAO, ticket="TK-2026-000002"), opened(WANG), RELEASED, DRAFTED, assigned())
        events = await stream.events(3)
    assert [event["event"] for event in events] == ["ticket.opened", "kb.article_drafted", "triage.assigned"]
    assert events[2]["data"] == {"engineer": LIU.sub, "engineer_name": LIU.name}


async def test_a_lead_who_edits_articles_follows_everything(world: World, url: str) -> None:
    async with following(world, url, replace(LEAD, roles=(*LEAD.roles, "kb_editor"))) as stream:
        await publish(world, opened(), RELEASED, DRAFTED)
        events = await stream.events(3)
    assert [event["event"] for event in events] == ["ticket.opened", "triage.released", "kb.article_drafted"]


async def test_a_company_viewer_follows_the_tickets_of_the_company(world: World, url: str) -> None:
    async with following(world, url, VIEWER) as stream:
        await publish(world, opened(ZHAO, ticket="TK-2026-000002"), opened(WANG), WAITING)
        events = await stream.events(2)
    assert {event["subject"] for event in events} == {TICKET}


async def test_a_customer_sees_of_the_archived_case_only_what_is_theirs(world: World, url: str) -> None:
    case = TicketCompleted(
        subject=TICKET, time=NOON, problem=PROBLEM, customer="c-1", opened_at=NOON, cause_of_dissatisfaction="慢"
    )
    async with following(world, url, WANG) as stream:
        await publish(world, opened(), case)
        [_, seen] = await stream.events(2)
    assert "cause_of_dissatisfaction" not in seen["data"]
    assert "rounds" not in seen["data"]
    assert seen["data"]["problem"]["title"] == PROBLEM.title


async def test_a_reader_who_comes_back_misses_nothing_and_sees_nothing_twice(world: World, url: str) -> None:
    tickets = [opened(ticket=f"TK-2026-{n:06d}") for n in range(30)]
    await publish(world, *tickets[:10])
    async with following(world, url, LEAD, after=3) as stream:
        first = await stream.events(5)
    await publish(world, *tickets[10:20])
    async with following(world, url, LEAD, last_event_id=first[-1]["place"]) as stream:
        later = asyncio.create_task(publish(world, *tickets[20:]))
        second = await stream.events(22)
        await later
    assert [event["place"] for event in first + second] == list(range(4, 31))


async def test_live_readers_and_those_who_catch_up_see_the_same(world: World, url: str) -> None:
    await publish(world, opened())
    async with following(world, url, LEAD) as live, following(world, url, LIU, after=0) as behind:
        assert await behind.kinds(1) == ["ticket.opened"]
        await publish(world, ASKED, WAITING)
        assert await live.kinds(2) == await behind.kinds(2) == ["ticket.questions_asked", "ticket.waiting"]
        await publish(world, BREACHED)
        assert await live.kinds(1) == await behind.kinds(1) == ["sla.breached"]


async def test_a_place_that_is_no_longer_kept_is_answered_with_a_reset_and_then_goes_on(world: World, url: str) -> None:
    await publish(world, opened())
    async with following(world, url, LEAD, after=999_999) as stream:
        [reset] = await stream.events(1)
        assert (reset["event"], reset["place"]) == ("reset", 1)
        await publish(world, ASKED)
        [event] = await stream.events(1)
    assert (event["event"], event["place"]) == ("ticket.questions_asked", 2)


async def test_whether_there_is_a_stream_can_be_asked_without_staying(world: World, url: str) -> None:
    headers = {"Authorization": f"Bearer {world.token(LEAD)}"}
    async with httpx2.AsyncClient(base_url=url, headers=headers, timeout=10, trust_env=False) as client:
        answer = await client.head("/v1/events")
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, "text/event-stream")
    await until(lambda: not notify_of(world).feed._readers)
