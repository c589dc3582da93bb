"""All that the desk says of a crowd's tickets: each service's view of them, who was told what, and every event."""

import asyncio
from collections import Counter
from dataclasses import dataclass

from deploy.services import SERVICES
from tests.live import stream
from tests.live.crowd import Crowd
from tests.live.desk import Desk, Json

AT_ONCE = 8


@dataclass
class Facts:
    listed: list[Json]
    tickets: dict[str, Json]
    work: dict[str, Json]
    clocks: dict[str, Json]
    records: dict[str, Json]  # of sla, with what it shows nobody
    cases: dict[str, Json]
    articles: list[Json]
    contacts: dict[str, Json]
    deliveries: list[Json]
    engineers: list[Json]
    dead: dict[str, list[Json]]
    events: list[Json]  # each once
    doubles: list[str]  # ids of those that are in the stream more than once

    @classmethod
    async def of(cls, crowd: Crowd) -> "Facts":
        desk, numbers = crowd.desk, list(crowd.opened.values())
        ids = [row["id"] for row in await desk.all("lead", "v1/articles")]
        told = await stream.events(desk.stack)
        first = {event["id"]: n for n, event in reversed(list(enumerate(told)))}
        return cls(
            listed=await desk.all("lead", "v1/tickets"),
            tickets=await _each(desk, numbers, "v1/tickets/{}"),
            work=await _each(desk, numbers, "v1/tickets/{}/work"),
            clocks=await _each(desk, numbers, "v1/tickets/{}/clocks"),
            records=await stream.documents(desk.stack, "sla", "ticketclocks"),
            cases=await _each(
                desk, [number for wish, number in crowd.opened.items() if wish.solved], "v1/tickets/{}/case"
            ),
            articles=list((await _each(desk, ids, "v1/articles/{}")).values()),
            contacts=await stream.documents(desk.stack, "notify", "contact"),
            deliveries=await desk.all("lead", "v1/notifications"),
            engineers=(await desk.do("lead", "GET", "v1/engineers"))["items"],
            dead={name: await desk.all("admin", "v1/dead-letters", service=name) for name in SERVICES},
            events=[event for n, event in enumerate(told) if first[event["id"]] == n],
            doubles=[id for id, count in Counter(event["id"] for event in told).items() if count > 1],
        )

    def __post_init__(self) -> None:
        self._by_ticket: dict[str, list[Json]] = {}
        for event in self.events:
            self._by_ticket.setdefault(event["subject"], []).append(event)

    def events_of(self, number: str) -> list[Json]:
        return self._by_ticket.get(number, [])


async def _each(desk: Desk, numbers: list[str], path: str) -> dict[str, Json]:
    """What stands at this path, for every ticket; nothing where there is none."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(number: str) -> Json:
        async with slots:
            answer: Json = (await desk.insist("lead", "GET", path.format(number))).json()
            return answer

    return dict(zip(numbers, await asyncio.gather(*map(one, numbers)), strict=True))
