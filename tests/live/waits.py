"""How long one fact waited for what it leads to, by the bus's own clock."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from tests.live.desk import Json


class Wait(NamedTuple):
    seconds: float
    what: str

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s {self.what}"


def between_facts(events: list[Json]) -> list[Wait]:
    """Of each event that names another one as its cause."""
    by_id = {event["id"]: event for event in events}
    return [
        Wait(seconds(cause["told_at"], event["told_at"]), f"{event['subject']} {cause['kind']} → {event['kind']}")
        for event in events
        if (cause := by_id.get(event.get("cause", "")))
    ]


def until_first(events: list[Json], kind: str, since: Mapping[str, datetime]) -> list[Wait]:
    """From that moment of each ticket to the first event of this kind about it, where there is one."""
    first: dict[str, datetime] = {}
    for event in events:
        if event["kind"] == kind:
            first.setdefault(event["subject"], event["told_at"])
    return [Wait(seconds(at, first[ticket]), f"{ticket} → {kind}") for ticket, at in since.items() if ticket in first]


def wait_or_timeout(deliveries: list[Json], template: str, since: Mapping[str, datetime]) -> list[Wait]:
    """From that moment of each ticket to when notify wrote down to tell somebody this."""
    written = {
        one["ticket"]: datetime.fromisoformat(one["created_at"]) for one in deliveries if one["template"] == template
    }
    return [
        Wait(seconds(at, written[ticket]), f"{ticket} → {template}")
        for ticket, at in since.items()
        if ticket in written
    ]


def seconds(since: datetime, until: datetime) -> float:
    return (until - since).total_seconds()
