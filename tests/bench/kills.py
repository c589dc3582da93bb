"""How long a client is not answered when a process is killed: the only one of its service, and one of two."""

import asyncio
import time
from statistics import median

from tests.bench.desk import Desk
from tests.bench.wire import Connection, request

ROUTES = {
    "intake": "/v1/tickets",
    "triage": "/v1/queue",
    "sla": "/v1/policies",
    "kb": "/v1/articles",
    "notify": "/v1/notifications",
}
EVERY = 0.02  # seconds between two requests
LONGEST = 60.0
AFTERWARDS = 2.0  # seconds that are still watched when the process is back


async def only_one(desk: Desk) -> None:
    found: dict[str, float] = {}
    for service in desk.stack.options.services:
        client = await Client.open(desk, service)
        took: list[float] = []
        for _ in range(1 if desk.quick else 3):
            await client.answered()
            await desk.stack.kill(service)
            began = time.perf_counter()
            await client.answered()
            took.append(time.perf_counter() - began)
            await desk.stack.ready(service)
        client.close()
        found[service] = median(took)
        desk.figures.add(f"first_answer_after_kill_s_{service}", found[service], "s", note=f"{len(took)} times")
    desk.figures.add("first_answer_after_kill_s", max(found.values()), "s", note="of the slowest service")


async def one_of_two(desk: Desk) -> None:
    """The longest time between two answers, while one process is killed and comes back."""
    found: dict[str, float] = {}
    for service in desk.stack.options.services:
        client = await Client.open(desk, service)
        await client.answered()
        gaps: list[float] = []
        watching = asyncio.create_task(client.watch(gaps))
        await desk.stack.kill(service)
        await desk.stack.ready(service)
        await asyncio.sleep(AFTERWARDS)
        watching.cancel()
        await asyncio.wait([watching])
        client.close()
        found[service] = max(gaps)
        note = f"{len(gaps)} answers; failures: {client.failures}"
        desk.figures.add(f"longest_gap_of_two_s_{service}", found[service], "s", note=note)
    desk.figures.add("longest_gap_of_two_s", max(found.values()), "s", note="of the slowest service")


class Client:
    """One request after the other to one route of a service, through the gateway."""

    def __init__(self, connection: Connection, ask: bytes) -> None:
        self.failures = 0
        self._connection, self._ask = connection, ask
        self.close = connection.close

    @classmethod
    async def open(cls, desk: Desk, service: str) -> "Client":
        connection = await Connection.open(desk.stack.url)
        return cls(connection, request("GET", ROUTES[service], desk.stack.token("lead")))

    async def answered(self) -> None:
        """Ask until the answer is 200. Raises TimeoutError."""
        async with asyncio.timeout(LONGEST):
            while not await self._is_answered():
                self.failures += 1
                await asyncio.sleep(EVERY)

    async def watch(self, gaps: list[float]) -> None:
        """Until it is cancelled: the seconds between one answer and the next."""
        last = time.perf_counter()
        while True:
            await self.answered()
            now = time.perf_counter()
            gaps.append(now - last)
            last = now
            await asyncio.sleep(EVERY)

    async def _is_answered(self) -> bool:
        try:
            status, _ = await self._connection.ask(self._ask)
        except ConnectionError:
            return False
        return status == 200
