"""A store made for the tests, and the database seen from elsewhere."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import FastAPI
from pydantic import AwareDatetime, Field

from shared.domain import Aggregate, Origin, Value
from shared.events import Event, TicketLinked
from shared.outbox import Sender
from shared.service import Runtime, serve
from shared.store import Decide, Index, Store
from shared.testing import NOON, World


class Margin(Value):
    text: str


class Note(Aggregate):
    serial: str | None = None
    margins: list[Margin] = Field(default_factory=list)
    words: list[str] = Field(default_factory=list)
    due_at: AwareDatetime | None = None

    def write(self, word: str) -> list[Event]:
        self.words.append(word)
        return [TicketLinked(subject=self.id, time=NOON, to=[word])]

    def wait(self, due_at: datetime | None) -> list[Event]:
        self.due_at = due_at
        return []


class Notes(Store[Note]):
    kind = Note
    unique = ("_keys",)
    indexes = (Index(("words", "-version")),)


def create_app(runtime: Runtime) -> FastAPI:
    return serve("store", lambda runtime: runtime.store(Notes), [], {}, runtime)


@dataclass
class Desk:
    """The notes of a running service, and the same database seen from elsewhere."""

    world: World

    @property
    def runtime(self) -> Runtime:
        return self.world.runtimes["store"]

    @property
    def notes(self) -> Notes:
        notes = self.runtime.stores[0]
        assert isinstance(notes, Notes)
        return notes

    def elsewhere(self) -> tuple[Notes, Sender]:
        """Another process of the same service, whose sender has not been started."""
        sender = Sender("store", self.runtime.bus.publish, self.world.now)
        notes = Notes(self.runtime.database, sender, self.world.now)
        sender.watch(notes)
        return notes, sender

    async def document(self, id: str) -> dict[str, Any]:
        return dict(await self.runtime.database["note"].find_one({"_id": id}))

    async def sent_words(self) -> list[str]:
        await self.world.settle()
        await self.runtime.sender.clear()
        return [event.to[0] for event in self.world.published(TicketLinked)]


ME = Origin("me")


def opened(id: str, word: str = "first") -> tuple[Note, list[Event]]:
    note = Note(id=id)
    return note, note.write(word)


def writing(word: str) -> Decide[Note]:
    return lambda note: note.write(word)
