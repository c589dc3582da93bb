"""What is told for a moment only."""

import asyncio

from pydantic import BaseModel

from tests.shared.bus.harness import BusHarness


class News(BaseModel):
    of: int


async def test_every_replica_that_listens_hears_it_and_nobody_else_ever_does(harness: BusHarness) -> None:
    heard: dict[str, list[int]] = {"one": [], "two": []}
    both = asyncio.Event()
    telling = await harness.bus("triage")
    await telling.notices.publish("seen", News(of=1))  # nobody is there
    await harness.make("triage").notices.publish("seen", News(of=1))  # it was never connected: that is lost
    for name, found in heard.items():
        bus = harness.make("notify")

        def hear(news: News, found: list[int] = found, name: str = name) -> None:
            found.append(news.of)
            if all(one and one[-1] == 3 for one in heard.values()):
                both.set()

        bus.notices.on("seen", News, hear)
        await harness.start(bus)
        await bus.link.client.flush()  # the server knows that it listens
    await telling.notices.publish("seen", News(of=2))
    await telling.link.client.publish(telling.names.notice("seen"), b"rubbish")  # is passed over
    await telling.notices.publish("seen", News(of=3))
    async with asyncio.timeout(20):
        await both.wait()
    assert heard == {"one": [2, 3], "two": [2, 3]}
