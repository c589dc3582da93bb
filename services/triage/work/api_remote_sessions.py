"""Remote assistance over HTTP (P3.1)."""

from functools import partial

from fastapi import APIRouter, Response
from pydantic import Field

from services.triage.work import remote_sessions
from services.triage.work.access import Work, Worker, WorkView, change
from shared.http import Body, example
from shared.terms import Id, Line, OptionalLine, OptionalParagraph

router = APIRouter(prefix="/v1/tickets/{ticket}/work/remote-sessions", tags=["work"])


class NewSession(Body):
    model_config = example(tool="ToDesk", purpose="Look at the export settings")

    tool: Line
    """An approved tool"""
    purpose: Line
    """What it is for"""


class EndedSession(Body):
    model_config = example(key_steps=["Cleared the template cache"], changes="Heap size raised to 4 GB")

    key_steps: list[Line] = Field(default_factory=list, max_length=100)
    """What was done, in order; needed where there is no recording"""
    changes: OptionalParagraph = ""
    """What was changed on the customer's side"""
    recording: OptionalLine = ""
    """Where the recording is"""


@router.post("", status_code=201)
async def start_remote_session(
    ticket: Id, body: NewSession, work: Work, caller: Worker, response: Response
) -> WorkView:
    """Start a remote session. It needs a valid consent of the customer and an approved tool."""
    act = partial(remote_sessions.start, tool=body.tool, purpose=body.purpose, approved=work.approved_tools)
    return await change(work, caller, ticket, act, response)


@router.post("/{session}/end")
async def end_remote_session(
    ticket: Id, session: Id, body: EndedSession, work: Work, caller: Worker, response: Response
) -> WorkView:
    """End a remote session, with its recording or key steps, and what was changed on the customer's side."""
    act = partial(
        remote_sessions.end, id=session, key_steps=body.key_steps, changes=body.changes, recording=body.recording
    )
    return await change(work, caller, ticket, act, response)
