"""Opening tickets: intake alone, direct and through the gateway, against the floor of the same minute."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import mean, median
from typing import Any

from deploy.local.options import DRIVERS
from tests.bench.desk import Desk
from tests.bench.helper import Helper
from tests.bench.samples import past

CLIENTS = 8
MANY = 20_000
FLOOR = ("floor", "mongo", "nats")  # whose CPU a bare insert and publish is


@dataclass
class Rounds:
    """What the rounds of one way to write gave."""

    rates: list[float] = field(default_factory=list)
    settled: list[float] = field(default_factory=list)  # rates that count the work left behind too
    cpu: list[dict[str, float]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def costs(self) -> dict[str, float]:
        names = {name: None for one in self.cpu for name in one}
        return {name: median(one.get(name, 0.0) for one in self.cpu) for name in names}


async def floor(desk: Desk) -> None:
    """Both drivers, the default one last, in turns."""
    bare = await opened_floor(desk)
    seconds = 2.0 if desk.quick else 4.0
    drivers = sorted(DRIVERS, key=lambda driver: driver == desk.driver)
    found = {driver: Rounds() for driver in drivers}
    for _ in range(1 if desk.quick else 3):
        for driver in drivers:
            await one_floor(desk, bare, found[driver], driver, seconds)
    for driver, rounds in found.items():
        name = "floor_writes_per_s" if driver == desk.driver else f"floor_writes_per_s_{driver}"
        desk.figures.add(name, median(rounds.rates), "1/s", rounds.costs(), f"{driver}; {rounds.notes[-1]}")


async def posts(desk: Desk) -> None:
    await compare(desk, "")
    await desk.fill("intake", "ticket", lambda now: past(MANY, now))
    await compare(desk, "_20k")


async def with_other_driver(desk: Desk) -> None:
    await compare(desk, f"_{desk.driver}")


async def compare(desk: Desk, suffix: str) -> None:
    """Rounds of floor, direct posts, posts through the gateway; each post is held against the floors around it."""
    bare = await opened_floor(desk)
    client = await desk.helper("posts")
    tokens = desk.tokens()
    direct, gateway, floors, shares = Rounds(), Rounds(), Rounds(), list[float]()
    seconds = 2.0 if desk.quick else 4.0
    ways = ((direct, desk.stack.service_url("intake"), "/v1/tickets"), (gateway, desk.stack.url, "/v1/tickets"))
    for _, url, path in ways:
        await client.do("post", url=url, path=path, tokens=tokens, clients=CLIENTS, seconds=0.5)
        await desk.rest()
    await one_floor(desk, bare, floors, desk.driver, seconds / 2)
    for _ in range(1 if desk.quick else 3):
        for rounds, url, path in ways:
            await one_round(desk, client, rounds, url, path, tokens, seconds)
            await one_floor(desk, bare, floors, desk.driver, seconds / 2)
            if rounds is direct:
                shares.append(direct.rates[-1] / mean(floors.rates[-2:]))
    add, costs = desk.figures.add, direct.costs()
    add(f"intake_posts_per_s{suffix}", median(direct.rates), "1/s", costs, direct.notes[-1])
    add(f"intake_settled_per_s{suffix}", median(direct.settled), "1/s", note="with the work that a post leaves behind")
    add(f"intake_cpu_ms{suffix}", costs.get("intake", 0.0), "ms")
    add(f"intake_to_floor{suffix}", median(shares), "", note=f"floor beside it {median(floors.rates):.0f}/s")
    await add_floors(desk, f"post_floors{suffix}", costs)
    note = gateway.notes[-1]
    add(f"intake_gateway_posts_per_s{suffix}", median(gateway.rates), "1/s", gateway.costs(), note)


async def add_floors(desk: Desk, name: str, costs: Mapping[str, float]) -> None:
    """CPU of all processes but those that put the load on, for one operation, in floors of the same minute."""
    rounds = Rounds()
    await one_floor(desk, await opened_floor(desk), rounds, desk.driver, 1.5 if desk.quick else 3.0)
    ours = sum(ms for process, ms in costs.items() if process not in desk.helpers)
    floor = sum(rounds.costs().get(process, 0.0) for process in FLOOR)
    desk.figures.add(name, ours / floor, "floors", note=f"{ours:.1f} of {floor:.2f} ms")


async def opened_floor(desk: Desk) -> Helper:
    if "floor" in desk.helpers:
        return desk.helpers["floor"]
    bare = await desk.helper("floor", "floor")
    for driver in DRIVERS:
        await bare.do("open", mongo_url=desk.stack.mongo_url, nats_url=desk.stack.nats_url, driver=driver)
        await bare.do("run", driver=driver, seconds=0.5)
    return bare


async def one_floor(desk: Desk, bare: Helper, rounds: Rounds, driver: str, seconds: float) -> None:
    with desk.window() as window:
        did = await bare.do("run", driver=driver, seconds=seconds)
    rounds.rates.append(did["count"] / did["seconds"])
    rounds.cpu.append(window.per(did["count"]))
    rounds.notes.append(window.strangers)


async def one_round(
    desk: Desk, client: Helper, rounds: Rounds, url: str, path: str, tokens: list[str], seconds: float
) -> None:
    with desk.window() as window:
        did: dict[str, Any] = await client.do(
            "post", url=url, path=path, tokens=tokens, clients=CLIENTS, seconds=seconds
        )
        after = await desk.rest()
    if did["refused"]:
        raise RuntimeError(f"some posts were refused: {did['refused']}")
    rounds.rates.append(did["count"] / did["seconds"])
    rounds.settled.append(did["count"] / (did["seconds"] + after))
    rounds.cpu.append(window.per(did["count"]))
    rounds.notes.append(
        f"p50 {did['p50_ms']:.1f} p99 {did['p99_ms']:.1f} ms, {after:.1f} s to rest, {window.strangers}"
    )
