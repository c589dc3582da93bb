"""Logs that are read in the background, over HTTP (P3.2)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from services.triage.diagnosis.attached_logs import MOST_FILES
from services.triage.log_jobs.handlers import LogJobHandlers
from services.triage.log_jobs.views import LogJobView
from services.triage.work.access import Worker, actor
from shared.http import Body, Caller, example, may
from shared.terms import Id, OptionalLine, OptionalParagraph

router = APIRouter(prefix="/v1/tickets/{ticket}/work/log-analysis-jobs", tags=["work"])


class NewLogJob(Body):
    model_config = example(attachments=["f-1"], root_cause="")

    attachments: Annotated[list[Id], Field(min_length=1, max_length=MOST_FILES)]
    """Ids of log files that the ticket has"""
    attachment: OptionalLine = ""
    """Where they are from, in words; empty: their names"""
    root_cause: OptionalParagraph = ""
    """What you make of it"""


async def handlers(request: Request) -> LogJobHandlers:
    found: LogJobHandlers = request.app.state.service.log_jobs
    return found


Handlers = Annotated[LogJobHandlers, Depends(handlers)]


@router.post("", status_code=202)
async def begin_log_analysis_job(
    ticket: Id, body: NewLogJob, jobs: Handlers, caller: Worker, response: Response
) -> LogJobView:
    """Analyse attached logs in the background: up to 64 MB together. Ask for it until its state is `finished` or
    `failed`; what was found is then on the work item too. The same request while it runs begins nothing new."""
    attachments = list(dict.fromkeys(body.attachments))
    job = await jobs.ask(ticket, attachments, body.attachment, body.root_cause, actor(caller))
    response.headers["location"] = f"/v1/tickets/{ticket}/work/log-analysis-jobs/{job.id}"
    return LogJobView.of(job)


@router.get("/{job}")
async def read_log_analysis_job(
    ticket: Id, job: Id, jobs: Handlers, _: Annotated[Caller, may("work:read")]
) -> LogJobView:
    """How far the analysis of attached logs is, and what was found."""
    return LogJobView.of(await jobs.get(ticket, job))
