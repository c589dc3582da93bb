"""What an engineer does with a ticket, over HTTP: sessions, logs, third parties, solutions, consultation."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field, StringConstraints

from services.triage.diagnosis.stack_traces import LIMIT, Trace
from services.triage.handlers import Triage
from services.triage.work import solving
from services.triage.work.values import LogAnalysis
from services.triage.work.views import WorkView, answer, person
from shared.http import Body, Caller, may, repeatable, service, tagged
from shared.terms import Id, Line, OptionalLine, OptionalParagraph, Paragraph, YesOrNo

router = APIRouter(prefix="/tickets/{ticket}")
Service = Annotated[Triage, Depends(service)]
Worker = Annotated[Caller, may("work:do")]
Chair = Annotated[Caller, may("consultation:hold")]
Log = Annotated[str, StringConstraints(max_length=LIMIT)]
FRAMES_SHOWN = 30


class NewSession(Body):
    tool: Line
    purpose: Line


class EndedSession(Body):
    key_steps: list[Line] = Field(default_factory=list, max_length=100)
    changes: OptionalParagraph = ""
    recording: OptionalLine = ""


class NewLogAnalysis(Body):
    text: Log
    attachment: OptionalLine = ""
    root_cause: OptionalParagraph = ""


class TraceView(BaseModel):
    language: str
    type: str
    message: str
    fingerprint: str
    frames: list[str]

    @classmethod
    def of(cls, trace: Trace) -> "TraceView":
        return cls(
            language=trace.language,
            type=trace.type,
            message=trace.message,
            fingerprint=trace.fingerprint,
            frames=trace.frames[:FRAMES_SHOWN],
        )


class LogAnalysisView(BaseModel):
    """`analysis` is what stays on the ticket; the frames are shown once."""

    analysis: LogAnalysis
    traces: list[TraceView]


class NewThirdParty(Body):
    party: Line
    reason: Paragraph


class ThirdPartyAnswer(Body):
    party: Line
    answer: Paragraph


class NewSolution(Body):
    solution: Paragraph
    root_cause: OptionalParagraph = ""
    article: OptionalLine = ""


class NewVerification(Body):
    steps: Paragraph
    result: Paragraph
    passed: YesOrNo


class NewNote(Body):
    text: Paragraph


class NewConsultation(Body):
    background: Paragraph
    tried: Paragraph
    stuck_at: Paragraph
    invited: list[Line] = Field(min_length=1, max_length=50)


class Conclusion(Body):
    conclusions: Paragraph
    action_items: list[Line] = Field(default_factory=list, max_length=50)


@router.post("/remote-sessions", status_code=201)
async def start_session(ticket: Id, body: NewSession, triage: Service, response: Response, caller: Worker) -> WorkView:
    """Begin remote assistance: under a consent that holds, with an approved tool (P3.1)."""
    by, approved = person(caller), triage.settings.approved_tools
    item = await triage.do(
        ticket,
        lambda item, now: solving.start_session(item, by, body.tool, body.purpose, approved, now),
        caller.origin,
        by,
    )
    return answer(response, item)


@router.post("/remote-sessions/{session}/end")
async def end_session(
    ticket: Id, session: Id, body: EndedSession, triage: Service, response: Response, caller: Worker
) -> WorkView:
    """End it, with its recording or its key steps, and what was changed on the customer's side."""
    by = person(caller)
    item = await triage.do(
        ticket,
        lambda item, now: solving.end_session(item, by, session, body.key_steps, body.changes, body.recording, now),
        caller.origin,
        by,
    )
    return answer(response, item)


@router.post("/log-analyses", status_code=201)
async def analyse_log(
    ticket: Id, body: NewLogAnalysis, triage: Service, response: Response, caller: Worker
) -> LogAnalysisView:
    """Find stack traces in a log, and cases that had the same ones (P3.2). The log itself is not kept."""
    item, analysis, found = await triage.analyse_log(
        ticket, body.text, body.attachment, body.root_cause, person(caller), caller.origin
    )
    tagged(response, item)
    return LogAnalysisView(analysis=analysis, traces=[TraceView.of(trace) for trace in found])


@router.post("/third-parties", status_code=201)
async def engage(ticket: Id, body: NewThirdParty, triage: Service, response: Response, caller: Worker) -> WorkView:
    """Bring in the team of another system."""
    by = person(caller)
    item = await triage.do(
        ticket, lambda item, now: solving.engage(item, by, body.party, body.reason, now), caller.origin, by
    )
    return answer(response, item)


@router.post("/third-parties/answer")
async def hear_third_party(
    ticket: Id, body: ThirdPartyAnswer, triage: Service, response: Response, caller: Worker
) -> WorkView:
    by = person(caller)
    item = await triage.do(
        ticket, lambda item, now: solving.hear_third_party(item, by, body.party, body.answer, now), caller.origin, by
    )
    return answer(response, item)


@router.post("/solutions", status_code=201)
async def propose(ticket: Id, body: NewSolution, triage: Service, response: Response, caller: Worker) -> WorkView:
    """The solution of this round; until it is verified another one takes its place."""
    by = person(caller)
    item = await triage.do(
        ticket,
        lambda item, now: solving.propose(item, by, body.solution, body.root_cause, body.article, now),
        caller.origin,
        by,
    )
    return answer(response, item)


@router.post("/verifications", status_code=201)
async def verify(ticket: Id, body: NewVerification, triage: Service, response: Response, caller: Worker) -> WorkView:
    """The internal verification (P4.1): what was done in the test environment, and how it went."""
    by = person(caller)
    item = await triage.do(
        ticket,
        lambda item, now: solving.verify(item, by, body.steps, body.result, body.passed, now),
        caller.origin,
        by,
    )
    return answer(response, item)


@router.post("/worklog", status_code=201)
async def note(ticket: Id, body: NewNote, triage: Service, response: Response, caller: Worker) -> WorkView:
    by = person(caller)
    item = await triage.do(
        ticket, lambda item, now: solving.note(item, by, body.text, now), repeatable(caller.origin), by
    )
    return answer(response, item)


@router.post("/consultation", status_code=201)
async def consult(ticket: Id, body: NewConsultation, triage: Service, response: Response, caller: Chair) -> WorkView:
    """Take it to the experts (P3.4), prepared: background, what was tried, where it is stuck."""
    by = person(caller)
    item = await triage.do(
        ticket,
        lambda item, now: solving.consult(item, by, body.background, body.tried, body.stuck_at, body.invited, now),
        caller.origin,
        by,
    )
    return answer(response, item)


@router.post("/consultation/conclusion")
async def conclude(ticket: Id, body: Conclusion, triage: Service, response: Response, caller: Chair) -> WorkView:
    by = person(caller)
    item = await triage.do(
        ticket,
        lambda item, now: solving.conclude(item, by, body.conclusions, body.action_items, now),
        caller.origin,
        by,
    )
    return answer(response, item)
