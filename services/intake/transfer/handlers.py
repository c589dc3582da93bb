"""Taking over tickets: parts are looked at as they come, and taken one after the other once the import is started.

Every write is one that finds nothing to do when it comes again: a ticket has a unique key made of the other desk's name
and its id there, and a part says that it was taken after its tickets are there. So a process may be killed between any
two, and two replicas may do the same part, which costs time and nothing else.
"""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from uuid import uuid4
from zoneinfo import ZoneInfo

from services.intake.attachments.handlers import AttachmentHandlers
from services.intake.customers.identity import customer_id
from services.intake.relations.handlers import RelationHandlers
from services.intake.tickets.handlers import TicketHandlers
from services.intake.tickets.imported import Imported, take_over
from services.intake.timeline.handlers import TimelineHandlers
from services.intake.transfer.domain import (
    KEPT_FOR,
    Import,
    ImportState,
    OpenTickets,
    Part,
    RowOutcome,
    Sum,
    added_up,
    part_id,
    ticket_key,
)
from services.intake.transfer.files import FileHandlers
from services.intake.transfer.linking import AT_ONCE as LINKS_AT_ONCE
from services.intake.transfer.linking import Linking
from services.intake.transfer.plan import Known, Planned, links_of, plan, sums_of
from services.intake.transfer.rows import ImportedTicket, Read, dumped, loaded
from services.intake.transfer.store import ImportParts, Imports
from shared.domain import Conflict, Origin, Refusal
from shared.events import Event, ImportPartTaken, TicketSummary
from shared.service import Runtime
from shared.store import Row

INTAKE = Origin.service("intake")
TOLD = (
    "customer",
    "customer_name",
    "company",
    "contact",
    "contact_id",
    "company_id",
    "channel",
    "completed_at",
    "outcome",
)
OF_PROBLEM = ("title", "product", "product_version")
READ_BACK = ("external", "opened_at", "messages.id", *TOLD, *(f"problem.{name}" for name in OF_PROBLEM))
AT_ONCE = 100  # tickets
READ_AT_ONCE = 50  # keys: the embedded server compares each document with every one of them


@dataclass(frozen=True)
class TransferHandlers:
    imports: Imports
    parts: ImportParts
    tickets: TicketHandlers
    timeline: TimelineHandlers
    linking: Linking
    files: FileHandlers
    now: Callable[[], datetime]

    @classmethod
    def wired(
        cls,
        runtime: Runtime,
        tickets: TicketHandlers,
        timeline: TimelineHandlers,
        relations: RelationHandlers,
        attachments: AttachmentHandlers,
    ) -> "TransferHandlers":
        imports, parts = runtime.store(Imports), runtime.store(ImportParts)
        linking, files = Linking(relations), FileHandlers(attachments)
        one = cls(imports, parts, tickets, timeline, linking, files, runtime.now)
        runtime.on(ImportPartTaken, one.hear)
        runtime.when_due(imports, one.when_due)
        return one

    # ---- what people do

    async def begin(self, new: Import, by: Origin) -> Import:
        """The same request again is the same import."""
        new.id = f"IM-{hashlib.sha256((by.key or uuid4().hex).encode()).hexdigest()[:20]}"
        new.due_at = self.now() + KEPT_FOR
        return await self.imports.add(new, [], by)

    async def put_part(self, run: str, number: int, read: Read) -> Part:
        """Keep it, and say what would become of its rows. Raises NotFound, NotCollecting."""
        job = await self.imports.get(run)
        job.require_collecting()
        planned = await self._plan(job, read)
        links = links_of(planned)
        part = Part(
            id=part_id(run, number),
            run=run,
            number=number,
            rows=[dumped(row) for row in read],
            results=[one.result for one in planned],
            sums=sums_of(planned, [], ZoneInfo(job.zone)),
            links=links,
            links_read=len(links),
        )
        kept = await self.parts.add(part, [], INTAKE)
        if kept is not part:
            kept = await self.parts.change(part.id, lambda there: there.replace(part), INTAKE)
        if (await self.imports.get(run)).state is not ImportState.COLLECTING and kept.taken_at is None:
            raise Conflict(f"{run} was started just now", f"{run} 刚刚开始导入")
        return kept

    async def start(self, run: str, parts: int, by: Origin) -> Import:
        """Raises NotFound, NotCollecting, PartsMissing."""
        there = [number for number, *_ in await self.parts.numbers(run)]

        def decide(job: Import) -> list[Event]:
            if job.state is not ImportState.COLLECTING and job.parts == parts:
                return []
            return job.start(parts, there, by.actor, self.now())

        return await self.imports.change(run, decide, by)

    async def report(self, run: str) -> tuple[list[Row], list[Sum]]:
        """The parts without their rows, and their sums."""
        rows = await self.parts.summed(run)
        return rows, added_up(Sum.model_validate(one) for row in rows for one in row["sums"])

    # ---- what happens by time

    async def when_due(self, ids: Sequence[str]) -> None:
        """One part of each; the rest is due at once."""
        for id in ids:
            job = await self.imports.find(id)
            if job is None or job.due_at is None or job.due_at > self.now():
                continue
            if job.state is ImportState.COLLECTING:
                await self._expire(job)
            else:
                await self._go_on(job)

    async def _go_on(self, job: Import) -> None:
        """Links come last, when the tickets of all parts are there."""
        numbers = [one for one in await self.parts.numbers(job.id) if one[0] <= job.parts]
        left = [number for number, is_taken, _ in numbers if not is_taken]
        unlinked = [number for number, _, is_linked in numbers if not is_linked]
        if left:
            await self._take(job, await self.parts.get(part_id(job.id, left[0])))
        elif unlinked:
            await self._link(job, await self.parts.get(part_id(job.id, unlinked[0])))
        is_done = len(left) <= 1 and not unlinked
        await self.imports.change(job.id, partial(Import.go_on, is_done=is_done, now=self.now()), INTAKE)

    async def _link(self, job: Import, part: Part) -> None:
        links = part.links[:LINKS_AT_ONCE]
        there = await self.linking.link(job, links)
        link = partial(Part.link, begin=part.linked, count=len(links), there=there)
        await self.parts.change(part.id, link, INTAKE)

    async def _expire(self, job: Import) -> None:
        await self.imports.change(job.id, Import.expire, INTAKE)
        for number, *_ in await self.parts.numbers(job.id):
            await self.parts.change(part_id(job.id, number), Part.forget, INTAKE)

    async def _take(self, job: Import, part: Part) -> None:
        planned = await self._plan(job, [loaded(one) for one in part.rows])
        new = [one for one in planned if one.row and one.result.outcome is RowOutcome.CREATED and not one.result.ticket]
        for at in range(0, len(new), AT_ONCE):
            await self._add(job, new[at : at + AT_ONCE])
        there = await self._there(job, [one.row.external_id for one in planned if one.row], READ_BACK)
        sums = sums_of(planned, list(there.values()), ZoneInfo(job.zone))
        results = [one.result for one in planned]
        ours = [row for row in there.values() if row["external"]["run"] == job.id and row["external"]["is_history"]]
        taken = [_imported(row) for row in ours]
        take = partial(Part.take, results=results, sums=sums, taken=taken, source=job.source, now=self.now())
        await self.parts.change(part.id, take, replace(INTAKE, actor=job.started_by, cause=f"import:{job.id}"))

    # ---- inside

    async def _plan(self, job: Import, read: Read) -> list[Planned]:
        ids = [row.external_id for row in read if isinstance(row, ImportedTicket)]
        known = {
            id: Known(row["id"], row["external"]["digest"], row["external"]["run"] == job.id)
            for id, row in (await self._there(job, ids, ("external",))).items()
        }
        return plan(read, known, refuse_open=job.open_tickets is OpenTickets.REFUSE)

    async def _there(self, job: Import, ids: Sequence[str], fields: Sequence[str]) -> dict[str, Row]:
        """What the desk has of them, by their ids there."""
        keys = [ticket_key(job.source, id) for id in dict.fromkeys(ids)]
        found: dict[str, Row] = {}
        for at in range(0, len(keys), READ_AT_ONCE):
            rows = await self.tickets.store.rows({"_keys": {"$in": keys[at : at + READ_AT_ONCE]}}, fields)
            found |= {row["external"]["id"]: row for row in rows}
        return found

    async def _add(self, job: Import, planned: Sequence[Planned]) -> None:
        now = self.now()
        new = [one.row.imported(job.source, job.id, now) for one in planned if one.row]
        records = await self.tickets.customers.directory.recognise_each([(one.company, one.contact) for one in new])
        zone = ZoneInfo(job.zone)
        numbers = [await self.tickets.numbers.next(one.opened_at.astimezone(zone).year) for one in new]
        asked = [
            customer_id(one.company, one.contact, number, known)
            for one, number, known in zip(new, numbers, records, strict=True)
        ]
        today = await self.tickets.customers.today(list(dict.fromkeys(asked)))
        by = Origin(job.started_by, f"import:{job.id}")

        async def add(one: Imported, number: str, customer: str, row: Planned, known: int) -> None:
            ticket, events = take_over(number, one, customer, records[known], job.started_by, now)
            try:
                there = await self.tickets.store.add(ticket, events, by, [ticket_key(job.source, one.external.id)])
            except Refusal as refusal:
                row.refuse(refusal.detail)
                return
            row.is_there(there.id, is_ours=bool(there.external and there.external.run == job.id))

        await asyncio.gather(
            *(
                add(one, number, today[id], row, at)
                for at, (one, number, id, row) in enumerate(zip(new, numbers, asked, planned, strict=True))
            )
        )

    # ---- what is heard

    async def hear(self, event: ImportPartTaken) -> None:
        """Customers' histories, timelines, and numbers that nobody is given again."""
        for one in event.tickets:
            await self.tickets.numbers.reserve(one.ticket)
        await self.tickets.customers.record_taken(event.tickets)
        await self.timeline.record_taken(event)


def _imported(row: Row) -> TicketSummary:
    """Of a ticket as it is here."""
    external = row["external"]
    known = {name: row[name] for name in (*TOLD, "opened_at")} | {name: row["problem"][name] for name in OF_PROBLEM}
    return TicketSummary(ticket=row["id"], external_id=external["id"], number=external["number"], **known)
