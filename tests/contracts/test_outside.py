"""No event is told for nobody."""

from collections.abc import Mapping

import pytest

from deploy.contracts.outside import NEEDED_BY, unexplained
from deploy.contracts.wiring import services
from shared.events import EVENTS, Event, SlaMet, TicketLinked, TicketOpened


async def test_every_event_has_a_listener_or_somebody_outside_who_needs_it() -> None:
    heard = {event for service in await services() for event in service.listens_to}
    assert unexplained(EVENTS, heard) == []


@pytest.mark.parametrize(
    ("reasons", "wrong"),
    [
        ({TicketLinked: "pages"}, []),
        ({}, ["ticket.linked has neither a listener nor a reason"]),
        ({TicketLinked: " "}, ["ticket.linked has neither a listener nor a reason"]),
        ({TicketLinked: "pages", TicketOpened: "pages"}, ["ticket.opened has a listener and needs no reason"]),
        ({TicketLinked: "pages", SlaMet: "reports"}, ["sla.met is no event any more"]),
    ],
)
def test_neither_nor_is_a_fault_and_both_are(reasons: Mapping[type[Event], str], wrong: list[str]) -> None:
    assert unexplained([TicketOpened, TicketLinked], {TicketOpened}, reasons) == wrong


async def test_an_event_whose_listener_is_taken_away_is_found() -> None:
    heard = {event for service in await services() for event in service.listens_to}
    for event in EVENTS:
        if event in heard:
            assert unexplained(EVENTS, heard - {event}) == [f"{event.kind} has neither a listener nor a reason"]
        else:
            without = {kind: reason for kind, reason in NEEDED_BY.items() if kind is not event}
            assert unexplained(EVENTS, heard, without) == [f"{event.kind} has neither a listener nor a reason"]
