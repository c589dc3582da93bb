"""Dead letters are found by a filter, replayed and dropped, and nothing happens to those that were not meant."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deploy.command.dead_letters import Filter, kind_of, ticket_of
from services.kb.app import create_app as kb
from shared.bus import DeadLetter
from shared.testing import Servers, World, running
from tests.deploy.command.conftest import Call

WHISPER = "13800138000"
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def letter(**facts: Any) -> DeadLetter:
    known: dict[str, Any] = {
        "sequence": 7,
        "event_sequence": 3,
        "service": "kb",
        "subject": "bihuan.ticket.opened.v1",
        "error": "KeyError: no such case",
        "tries": 6,
        "dead_lettered_at": NOW,
        "size": 2,
        "body": '{"subject": "TK-1"}',
    }
    return DeadLetter(**{**known, **facts})


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (Filter(), True),
        (Filter(sequences=frozenset({7})), True),
        (Filter(sequences=frozenset({8})), False),
        (Filter(kind="ticket.opened"), True),
        (Filter(kind="ticket.open"), False),
        (Filter(ticket="TK-1"), True),
        (Filter(ticket="TK-10"), False),
        (Filter(error="no such"), True),
        (Filter(error="No such"), False),
        (Filter(since=NOW), True),
        (Filter(since=NOW + timedelta(seconds=1)), False),
        (Filter(until=NOW), False),
        (Filter(kind="ticket.opened", error="other"), False),
    ],
)
def test_all_that_is_asked_of_a_letter_has_to_hold(wanted: Filter, fits: bool) -> None:
    assert wanted.lets_through(letter()) is fits


@pytest.mark.parametrize("body", ["", "no JSON", "[1]", '{"subject": 3}', "[" * 70_000, '{"subject": "TK-1"'])
def test_what_it_is_about_is_not_known_of_what_cannot_be_read(body: str) -> None:
    assert ticket_of(letter(body=body)) == ""


def test_the_event_of_a_strange_subject_is_what_it_is() -> None:
    assert [kind_of(letter(subject=one)) for one in ("", "x", "a.b.c.v1")] == ["", "", "b.c"]


@pytest.fixture
async def world(servers: Servers) -> AsyncIterator[World]:
    """With three dead letters of kb: two of one kind, one of another; none of them is an event."""
    async with running(servers, kb) as world:
        for kind in ("ticket.completed", "ticket.completed", "ticket.reopened"):
            await world.publish_raw(kind, f"no JSON but {WHISPER}".encode())
        await world.settle()
        yield world


@pytest.fixture
def call(here: Callable[[Servers, str], Call], servers: Servers, world: World) -> Call:
    return here(servers, world.prefix)


async def test_lists_say_why_and_never_what(call: Call) -> None:
    table, rows = await call("dead-letters", "list"), (await call("dead-letters", "list", "--json")).json
    assert [row["kind"] for row in rows] == ["ticket.completed", "ticket.completed", "ticket.reopened"]
    assert [line.split()[:2] for line in table.out.splitlines()[1:]] == [[str(n), "kb"] for n in (1, 2, 3)]
    assert "not JSON" in table.out
    assert WHISPER not in table.out + str(rows)


async def test_one_is_shown_with_what_it_says_only_when_that_is_asked(call: Call) -> None:
    assert WHISPER not in (await call("dead-letters", "show", "2")).out
    assert WHISPER in (await call("dead-letters", "show", "2", "--body")).out
    missing = await call("dead-letters", "show", "99")
    assert (missing.status, missing.err) == (1, "Dead letter 99 does not exist.\n")


async def test_nothing_is_dropped_without_a_filter_or_without_yes(call: Call) -> None:
    unsaid = await call("dead-letters", "drop")
    assert (unsaid.status, "--all" in unsaid.err) == (1, True)
    assert "With --yes" in (await call("dead-letters", "drop", "--all")).out
    assert len((await call("dead-letters", "list", "--json")).json) == 3


async def test_only_what_was_meant_is_dropped(call: Call) -> None:
    done = await call("dead-letters", "drop", "--kind", "ticket.completed", "--service", "kb", "--yes")
    assert "2 thrown away" in done.out
    assert [row["sequence"] for row in (await call("dead-letters", "list", "--json")).json] == [3]
    again = await call("dead-letters", "drop", "1", "--yes")
    assert (again.status, again.err) == (1, "There is no such dead letter: 1.\n")


async def test_a_replayed_one_comes_to_its_service_again(call: Call, world: World) -> None:
    """It is poison still, so it comes back behind the others."""
    done = await call("dead-letters", "replay", "1", "--yes", "--json")
    await world.settle()
    assert [row["sequence"] for row in done.json] == [1]
    assert [row["sequence"] for row in (await call("dead-letters", "list", "--json")).json] == [2, 3, 4]
