"""Classifications and log analyses over HTTP (P2.3, P3.2)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field, StringConstraints

from services.triage.diagnosis.attached_logs import MOST_FILES
from services.triage.diagnosis.handlers import DiagnosisHandlers
from services.triage.diagnosis.views_logs import FileReadView, TemplateView, TraceView
from services.triage.work.access import KeptLogAnalysis, Worker, WorkView, actor, shown
from shared.category_keys import CategoryKey
from shared.domain import Invalid
from shared.http import Body, Caller, View, example, may, tagged
from shared.stack_traces import LIMIT
from shared.terms import Id, Known, Line, OptionalLine, OptionalParagraph, Priority

router = APIRouter(prefix="/v1/tickets/{ticket}/work", tags=["work"])
Log = Annotated[str, StringConstraints(max_length=LIMIT)]
MOST_TRACES = 50


class Classification(Body):
    model_config = example(category="function", priority="high", reason="Every branch is affected")

    category: CategoryKey
    """What kind of problem it is"""
    priority: Known[Priority]
    """How urgent it is"""
    reason: Line
    """Why"""


class NewLogAnalysis(Body):
    model_config = example(
        text="java.lang.OutOfMemoryError: Java heap space\n\tat com.example.Export.run(Export.java:7)"
    )

    text: Log = ""
    """The log, where it is pasted; it is not kept"""
    attachments: Annotated[list[Id], Field(max_length=MOST_FILES)] = []  # noqa: RUF012 pydantic copies it
    """Ids of log files that the ticket has; they are read where they lie, also those that are packed with gzip"""
    attachment: OptionalLine = ""
    """Where the log is from, in words; empty: the names of the attachments"""
    root_cause: OptionalParagraph = ""
    """What you make of it"""


class LogAnalysisView(View):
    """What was found in a log."""

    analysis: KeptLogAnalysis
    """What is kept on the work item"""
    files: list[FileReadView]
    """The attachments that were read"""
    traces: list[TraceView]
    """The stack traces and lines with error codes, which are not kept"""
    templates: list[TemplateView]
    """What most lines say, which is not kept"""
    first_at: str
    """The earliest time in it"""
    last_at: str
    """The latest time in it"""
    uncounted: int
    """Lines for whose kind was no room"""


async def handlers(request: Request) -> DiagnosisHandlers:
    found: DiagnosisHandlers = request.app.state.service.diagnosis
    return found


Handlers = Annotated[DiagnosisHandlers, Depends(handlers)]


@router.post("/classification")
async def classify_work(
    ticket: Id,
    body: Classification,
    diagnosis: Handlers,
    caller: Annotated[Caller, may("work:classify")],
    response: Response,
) -> WorkView:
    """Set category and priority; the same values again confirm them."""
    item = await diagnosis.classify(ticket, body.category, body.priority, body.reason, actor(caller), caller.origin)
    return shown(item, response)


@router.post("/log-analyses", status_code=201)
async def analyse_log(
    ticket: Id, body: NewLogAnalysis, diagnosis: Handlers, caller: Worker, response: Response
) -> LogAnalysisView:
    """Find the errors in a log, pasted or attached to the ticket, over time: the module and the third-party system that
    they point to, solved cases with the same ones, and what people did. The log itself is not kept. Files of more than
    8 MB are read in the background, by a log analysis job."""
    if not body.text and not body.attachments:
        raise Invalid("Paste a log, or name attachments", "请粘贴日志，或指定附件", "body.text")
    item, analysis, found, read = await diagnosis.analyse_log(
        ticket,
        body.text,
        body.attachment,
        list(dict.fromkeys(body.attachments)),
        body.root_cause,
        actor(caller),
        caller.origin,
    )
    tagged(response, item)
    return LogAnalysisView(
        analysis=KeptLogAnalysis.model_validate(analysis),
        files=[FileReadView.model_validate(one) for one in read],
        traces=[TraceView.of(trace) for trace in found.traces[:MOST_TRACES]],
        templates=[TemplateView(text=text, count=count) for text, count in found.templates],
        first_at=found.first_at,
        last_at=found.last_at,
        uncounted=found.uncounted,
    )
