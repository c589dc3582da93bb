"""Asking for a reading of attached logs, and doing it in the background, one at a time in each process."""

import asyncio
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import uuid4

from services.triage.diagnosis.attached_logs import FileRead
from services.triage.diagnosis.handlers import DiagnosisHandlers
from services.triage.log_jobs.domain import (
    LEASE,
    MOST_FRAMES,
    MOST_TRACES,
    FileSummary,
    FoundTemplate,
    FoundTrace,
    JobResult,
    LogJob,
)
from services.triage.log_jobs.store import LogJobs
from services.triage.logs.analysis import Findings
from services.triage.work.values import TRIAGE_ORIGIN, Actor
from shared.domain import NotFound, Origin, Refusal, Unavailable
from shared.service import Now
from shared.tasks import cancel_all

logger = logging.getLogger(__name__)
REPORT_EVERY = LEASE / 6  # after which it is noted how far it is, and the lease renewed


class _Superseded(Exception):
    """It was begun anew, or by another process, while this one stood still."""


@dataclass
class LogJobHandlers:
    store: LogJobs
    diagnosis: DiagnosisHandlers
    now: Now
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)
    _running: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def ask(self, ticket: str, attachments: Sequence[str], attachment: str, root_cause: str, by: Actor) -> LogJob:
        """The same once more is the same reading, begun anew when it is over. Raises NotAssignee, NotFound, Invalid."""
        await self.diagnosis.work.ensure_involved(ticket, by)
        await self.diagnosis.work.files.ensure_there(ticket, attachments, "attachments")
        now = self.now()
        content = "\n".join([ticket, by.sub, *attachments, attachment, root_cause])
        job = LogJob(
            id="j" + hashlib.sha256(content.encode()).hexdigest()[:16],
            ticket=ticket,
            by=by.sub,
            by_name=by.name,
            by_lead=by.is_lead,
            attachments=list(attachments),
            attachment=attachment,
            root_cause=root_cause,
            asked_at=now,
            due_at=now,
        )
        await self.store.add(job, [], TRIAGE_ORIGIN)
        return await self.store.change(job.id, partial(LogJob.ask, now=now), TRIAGE_ORIGIN)

    async def get(self, ticket: str, job: str) -> LogJob:
        """Raises NotFound."""
        found = await self.store.get(job)
        if found.ticket != ticket:
            raise NotFound.of(job)
        return found

    async def fire(self, ids: Sequence[str]) -> None:
        """Of readings that are due. They run in tasks, so that others fall due meanwhile."""
        for id in ids:
            if id not in self._running:
                self._running[id] = asyncio.create_task(self._in_turn(id))

    async def idle(self) -> None:
        """Returns when nothing is read here any more."""
        await asyncio.gather(*self._running.values())

    async def stop(self) -> None:
        """What is not finished is begun again, when its lease is over, by whoever is there."""
        await cancel_all(list(self._running.values()))

    # ---- in the background

    async def _in_turn(self, id: str) -> None:
        try:
            async with self._one:
                await self._run(id)
        except _Superseded:
            logger.info("the reading %s went on elsewhere", id)
        except Exception:  # the lease runs out, and it is begun again
            logger.exception("the reading %s was broken off", id)
        finally:
            del self._running[id]

    async def _run(self, id: str) -> None:
        run = uuid4().hex[:8]
        job = await self.store.change(id, partial(LogJob.begin, run=run, now=self.now()), TRIAGE_ORIGIN)
        if not job.is_run(run):
            return
        reported = self.now()

        async def report(characters: int) -> None:
            nonlocal reported
            if self.now() - reported >= REPORT_EVERY:
                reported = self.now()
                there = await self.store.change(id, partial(LogJob.go_on, run=run, characters=characters, now=reported),
                                                TRIAGE_ORIGIN)  # fmt: skip
                if not there.is_run(run):
                    raise _Superseded

        origin = Origin(job.by, key=f"{id}/{job.asked_at.isoformat()}")
        try:
            _, kept, found, read = await self.diagnosis.analyse_log(
                job.ticket, "", job.attachment, job.attachments, job.root_cause, job.actor, origin, report
            )
        except Unavailable as error:
            await self.store.change(
                id, partial(LogJob.put_off, run=run, why=error.detail, now=self.now()), TRIAGE_ORIGIN
            )
        except Refusal as error:
            await self.store.change(id, partial(LogJob.fail, run=run, why=error.detail, now=self.now()), TRIAGE_ORIGIN)
        else:
            result = _result(kept.id, found, read)
            await self.store.change(id, partial(LogJob.finish, run=run, result=result, now=self.now()), TRIAGE_ORIGIN)


def _result(analysis: str, found: Findings, read: Sequence[FileRead]) -> JobResult:
    return JobResult(
        analysis=analysis,
        files=[FileSummary(**vars(one)) for one in read],
        traces=[
            FoundTrace(
                language=one.language,
                type=one.type,
                message=one.message,
                fingerprint=one.fingerprint,
                frames=one.frames[:MOST_FRAMES],
            )
            for one in found.traces[:MOST_TRACES]
        ],
        templates=[FoundTemplate(text=text, count=count) for text, count in found.templates],
        first_at=found.first_at,
        last_at=found.last_at,
        uncounted=found.uncounted,
    )
