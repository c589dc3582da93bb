"""How many tickets a second 40 engineers take who all ask for the next one at once, of 10,000 that wait, from two
processes of triage; nobody else has to do with it. The run fails if a ticket is given to two."""

import asyncio
import json
import time
from datetime import UTC, datetime
from itertools import cycle

from deploy.local.people import Person
from services.triage.work.store import WorkItems
from shared.mongo import Database
from shared.outbox import Outgoing, Sender
from tests.bench.desk import Desk
from tests.bench.figures import percentile
from tests.bench.samples import work_items
from tests.bench.wire import Connection, request

ENGINEERS, CAPACITY = 40, 200  # the most that a limit can be: enough for all that they take
WAITING, FEWER = 10_000, 2_000
SECONDS = 20.0
PATH = "/v1/queue/claims"
Claimed = list[tuple[str, str, float]]  # ticket, engineer, seconds


async def claims(desk: Desk) -> None:
    waiting = FEWER if desk.quick else WAITING
    await desk.fill("triage", "workitem", lambda now: work_items(waiting, waiting, now))
    people = [Person(f"e-claim-{n:02d}", f"工程师{n:02d}", ("engineer",)) for n in range(ENGINEERS)]
    for person in people:
        await enter(desk, person)
    replicas = desk.stack.options.replicas_of("triage")
    seconds = SECONDS / (4 if desk.quick else 1)
    with desk.window() as window:
        end = time.perf_counter() + seconds
        taken = await asyncio.gather(
            *(take(desk, person, process, end) for person, process in zip(people, cycle(replicas), strict=False))
        )
    claimed = [one for some in taken for one in some]
    await desk.rest()
    await ensure_once(desk, claimed)
    took = [1000 * one for _, _, one in claimed]
    rate = len(claimed) / seconds
    note = f"{ENGINEERS} engineers, {waiting} waiting, {len(replicas)} processes, none given twice; {window.strangers}"
    desk.figures.add("claims_per_s", rate, "1/s", window.per(len(claimed)), note)
    desk.figures.add("claim_p95_ms", percentile(took, 0.95), "ms", note=f"p50 {percentile(took, 0.5):.0f} ms")


async def enter(desk: Desk, person: Person) -> None:
    connection = await Connection.open(desk.stack.service_url("triage"))
    path, lead = f"/v1/engineers/{person.sub}", desk.stack.token("lead")
    for ask in (
        request("PUT", path, lead, {"name": person.name, "capacity": CAPACITY}),
        request("PUT", f"{path}/availability", lead, {"available": True}),
    ):
        status, body = await connection.ask(ask)
        if status != 200:
            raise RuntimeError(f"{status}: {body[:300]!r}")
    connection.close()


async def take(desk: Desk, person: Person, process: str, end: float) -> Claimed:
    """One after the other, from one of the processes."""
    connection = await Connection.open(desk.stack.service_url(process))
    token, claimed = desk.stack.token(person), Claimed()
    while (began := time.perf_counter()) < end:
        status, body = await connection.ask(request("POST", PATH, token, {}))
        if status in (404, 409):  # the queue is empty, or all that they may have is theirs
            break
        if status != 200:
            raise RuntimeError(f"{status}: {body[:300]!r}")
        claimed.append((json.loads(body)["ticket"], person.sub, time.perf_counter() - began))
    connection.close()
    return claimed


async def ensure_once(desk: Desk, claimed: Claimed) -> None:
    """Raises RuntimeError: two were given one ticket, or it is not with whom it was given to."""
    if len({ticket for ticket, _, _ in claimed}) < len(claimed):
        raise RuntimeError("a ticket was given to two engineers")
    database = Database.open(desk.stack.mongo_url, "bihuan_triage", desk.driver)
    now = datetime.now(UTC)
    store = WorkItems(database, Sender("bench", nowhere, lambda: now), lambda: now)
    held = await asyncio.gather(*(store.held_by(person) for person in {one for _, one, _ in claimed}))
    await database.close()
    if sum(map(len, held)) != len(claimed) or set().union(*held) != {ticket for ticket, _, _ in claimed}:
        raise RuntimeError("what engineers were given is not what they have")


async def nowhere(_: Outgoing) -> int:
    return 0
