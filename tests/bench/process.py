"""Whole processes: opened, assigned, answered, solved, verified twice, rated, completed; through the HTTP APIs."""

import json
from typing import Any

from deploy.local.people import Person
from tests.bench.desk import Desk
from tests.bench.figures import percentile
from tests.bench.helper import Helper
from tests.bench.intake import add_floors
from tests.bench.wire import Connection, request

WORKERS = 8
ENGINEERS = [Person(f"e-bench-{n}", f"工程师{n}", ("engineer",)) for n in range(10)]


async def process(desk: Desk) -> None:
    crowd, people = await everybody(desk)
    await crowd.do("work", workers=2, seconds=1, **people)
    await desk.rest()
    with desk.window() as window:
        did = await crowd.do("work", workers=WORKERS, seconds=5 if desk.quick else 15, **people)
        after = await desk.rest()
    done = len(did["took"])
    note = f"{WORKERS} at once, each {percentile(did['took'], 0.5):.2f} s; {after:.1f} s to rest, {window.strangers}"
    desk.figures.add("process_per_s", done / did["seconds"], "1/s", window.per(done), note)
    await add_floors(desk, "process_floors", window.per(done))


async def everybody(desk: Desk) -> tuple[Helper, dict[str, Any]]:
    """Who takes tickets through the whole process, and as whom."""
    crowd = await desk.helper("workers", "workers")
    await crowd.do("listen", nats_url=desk.stack.nats_url)
    await engineers(desk)
    return crowd, {
        "intake": desk.stack.service_url("intake"),
        "triage": desk.stack.service_url("triage"),
        "customers": desk.tokens(),
        "engineers": [(person.sub, desk.stack.token(person)) for person in ENGINEERS],
        "lead": desk.stack.token("lead"),
    }


async def engineers(desk: Desk) -> None:
    connection = await Connection.open(desk.stack.service_url("triage"))
    for person in ENGINEERS:
        about = {"name": person.name, "capacity": 200}
        put = request("PUT", f"/v1/engineers/{person.sub}", desk.stack.token("lead"), about)
        status, body = await connection.ask(put)
        if status != 200:
            raise RuntimeError(json.loads(body))
    connection.close()
