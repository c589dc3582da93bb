"""Classifications and log analyses over HTTP (P2.3, P3.2)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import StringConstraints

from services.triage.diagnosis.handlers import DiagnosisHandlers
from services.triage.work.access import KeptLogAnalysis, Worker, WorkView, actor, shown
from shared.http import Body, Caller, View, example, may, tagged
from shared.stack_traces import LIMIT, Trace
from shared.terms import Category, Id, Known, Line, OptionalLine, OptionalParagraph, Priority

router = APIRouter(prefix="/v1/tickets/{ticket}/work", tags=["work"])
Log = Annotated[str, StringConstraints(max_length=LIMIT)]
FRAMES_SHOWN = 30


class Classification(Body):
    model_config = example(category="function", priority="high", reason="Every branch is affected")

    category: Known[Category]
    """What kind of problem it is"""
    priority: Known[Priority]
    """How urgent it is"""
    reason: Line
    """Why"""


class NewLogAnalysis(Body):
    model_config = example(
        text="java.lang.OutOfMemoryError: Java heap space\n\tat com.example.Export.run(Export.java:7)"
    )

    text: Log
    """The log; it is not kept"""
    attachment: OptionalLine = ""
    """The attachment that it is from"""
    root_cause: OptionalParagraph = ""
    """What you make of it"""


class TraceView(View):
    language: str
    """Of the program"""
    type: str
    """Of the exception"""
    message: str
    """Of the exception"""
    fingerprint: str
    """The same for the same problem"""
    frames: list[str]
    """The first ones"""

    @classmethod
    def of(cls, trace: Trace) -> "TraceView":
        return cls(
            language=trace.language,
            type=trace.type,
            message=trace.message,
            fingerprint=trace.fingerprint,
            frames=trace.frames[:FRAMES_SHOWN],
        )


class LogAnalysisView(View):
    """What was found in a log."""

    analysis: KeptLogAnalysis
    """What is kept on the work item"""
    traces: list[TraceView]
    """The stack traces, which are not kept"""


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
    """Find the stack traces in a log, and solved cases with the same ones. The log itself is not kept."""
    item, analysis, traces = await diagnosis.analyse_log(
        ticket, body.text, body.attachment, body.root_cause, actor(caller), caller.origin
    )
    tagged(response, item)
    return LogAnalysisView(
        analysis=KeptLogAnalysis.model_validate(analysis), traces=[TraceView.of(trace) for trace in traces]
    )
