"""Urgent tickets: how soon a senior engineer has them, and how many a second get as far as the customer's mail."""

from deploy.local.people import Person
from tests.bench.desk import Desk
from tests.bench.figures import percentile
from tests.bench.helper import Helper
from tests.bench.intake import add_floors
from tests.bench.wire import Connection, request

SENIORS = 20
CAPACITY = 200
RATES = {5: 8.0, 20: 12.0, 50: 4.0}  # tickets a second, and for how many seconds
NAMED = 20  # the rate of the figure that has no rate in its name
IN_FLOW = 16


async def assign(desk: Desk) -> None:
    client = await customers(desk)
    await client.do("paced", rate=10, seconds=1)
    await desk.rest()
    for rate, seconds in RATES.items():
        with desk.window() as window:
            took: list[float] = await client.do("paced", rate=rate, seconds=seconds / 3 if desk.quick else seconds)
            after = await desk.rest()
        p50, p99 = (percentile(took, share) * 1000 for share in (0.5, 0.99))
        note = f"{len(took)} tickets, {after:.1f} s to rest, {window.strangers}"
        for suffix in ("", f"_{rate}") if rate == NAMED else (f"_{rate}",):
            desk.figures.add(f"assign_p50_ms{suffix}", p50, "ms", window.per(len(took)), note)
            desk.figures.add(f"assign_p99_ms{suffix}", p99, "ms")


async def flow(desk: Desk) -> None:
    client = await customers(desk)
    await client.do("flow", workers=2, seconds=1)
    await desk.rest()
    with desk.window() as window:
        did = await client.do("flow", workers=IN_FLOW, seconds=4 if desk.quick else 12)
        after = await desk.rest()
    done = len(did["took"])
    note = f"{IN_FLOW} at once, each {percentile(did['took'], 0.5) * 1000:.0f} ms; {after:.1f} s to rest"
    note = f"{note}, {window.strangers}"
    desk.figures.add("flow_per_s", done / did["seconds"], "1/s", window.per(done), note)
    await add_floors(desk, "assign_floors", window.per(done))


async def customers(desk: Desk) -> Helper:
    if "urgent" in desk.helpers:
        return desk.helpers["urgent"]
    await seniors(desk)
    client = await desk.helper("urgent", "urgent")
    url = desk.stack.service_url("intake")
    await client.do("listen", nats_url=desk.stack.nats_url, url=url, tokens_=desk.tokens(), connections=256)
    return client


async def seniors(desk: Desk) -> None:
    """Enter engineers who are there and have room. They have no address: only the customer gets mails."""
    connection = await Connection.open(desk.stack.service_url("triage"))
    lead = desk.stack.token("lead")
    for person in [Person(f"e-senior-{n:02d}", f"资深{n:02d}", ("engineer",)) for n in range(SENIORS)]:
        path = f"/v1/engineers/{person.sub}"
        about = {"name": person.name, "level": "senior", "capacity": CAPACITY}
        for ask in (
            request("PUT", path, lead, about),
            request("PUT", f"{path}/availability", lead, {"available": True}),
        ):
            status, body = await connection.ask(ask)
            if status != 200:
                raise RuntimeError(f"{status}: {body[:300]!r}")
    connection.close()
