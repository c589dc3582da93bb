"""Tickets whose clocks run, as sla keeps them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.sla.calendars.working_time import epoch_ms
from services.sla.figures.domain import TicketRecord
from services.sla.figures.facts import hear
from services.sla.figures.results import take_results
from shared.mongo import size_of
from shared.terms import ClockKind, Priority
from tests.sla.builders import Listener, diagnosed, opened

SHANGHAI = timedelta(hours=8)
Doc = dict[str, Any]


class RunningClocks:
    """Documents of tickets that were opened and diagnosed eight hours before their response is due. Of one people have
    been warned at each rung before that; the others are made of it by moving every moment in it."""

    def __init__(self) -> None:
        listener = Listener()
        self._opened, diagnosis = opened(revision=1), diagnosed(Priority.HIGH, revision=1)
        listener.receive(self._opened, diagnosis)
        self._ticket, response = listener.ticket, listener.clock(ClockKind.RESPONSE)
        while response.due_at and self._ticket.due_at and self._ticket.due_at < response.due_at:
            listener.check_due(self._ticket.due_at)
        assert response.due_at
        self._due_at = response.due_at
        kept = {"_handled": [], "_outbox": [], "_told": max(one.time for one in listener.published)}
        self._doc: Doc = {**self._ticket.model_dump(exclude={"id"}), **kept}
        self._doc["_bytes"] = size_of(self._doc)
        self.numbers = 0

    def due(self, count: int, first: datetime, over: timedelta) -> list[Doc]:
        """So many more, due at even distances from then on."""
        made = []
        for n in range(count):
            self.numbers += 1
            moved = shifted(self._doc, first + over * n / count - self._due_at)
            for topic, told in moved["told"].items():
                if topic.startswith("met "):  # else it would be told once more, with the moment that it has now
                    told["what"] = f"{epoch_ms(told['at'])} {told['what'].partition(' ')[2]}"
            made.append({"_id": f"TK-{first.year}-{self.numbers:06d}", **moved})
        return made

    def records(self, clocks: list[Doc]) -> list[Doc]:
        """What the figures keep of each of these."""
        event = self._opened
        made = []
        for doc in clocks:
            record = TicketRecord(id=doc["_id"], version=1)
            hear(record, event.model_copy(update={"time": doc["opened_at"]}), lambda at: f"{at + SHANGHAI:%Y-%m-%d}")
            take_results(record, doc)
            made.append({"_id": record.id, **record.model_dump(exclude={"id"}), "_handled": [], "_bytes": 1000})
        return made


def shifted(value: Any, by: timedelta) -> Any:
    """The same with every moment moved."""
    match value:
        case dict():
            return {name: shifted(one, by) for name, one in value.items()}
        case list():
            return [shifted(one, by) for one in value]
        case datetime() if value > EARLY:
            return value + by
    return value


EARLY = datetime(2000, 1, 1, tzinfo=UTC)  # moments before it mean that there is none
