"""Remote assistance over HTTP (P3.1)."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field, StringConstraints

from services.triage.work import remote_sessions
from services.triage.work.access import Work, Worker, WorkView, change
from shared.events.triage_work import ConfigChange
from shared.http import Body, example
from shared.terms import Id, Line, OptionalLine, OptionalParagraph, YesOrNo

router = APIRouter(prefix="/v1/tickets/{ticket}/work/remote-sessions", tags=["work"])


class NewSession(Body):
    model_config = example(tool="ToDesk", purpose="Look at the export settings")

    tool: Line
    """An approved tool"""
    purpose: Line
    """What it is for"""
    scope: OptionalLine = ""
    """What it needs the customer's consent to, in the words of a consent; empty: whatever they allow"""


class Change(Body):
    model_config = example(what="Heap size", before="2 GB", after="4 GB", kept_because="The export needs it")

    what: Line
    """What was changed on the customer's side"""
    before: OptionalLine = ""
    """How it was"""
    after: OptionalLine = ""
    """How it became"""
    reverted: YesOrNo = False
    """Whether it was put back"""
    kept_because: OptionalLine = ""
    """Why it stays, where it was not put back"""


class EndedSession(Body):
    model_config = example(key_steps=["Cleared the template cache"], changes="None")

    key_steps: list[Line] = Field(default_factory=list, max_length=100)
    """What was done, in order; needed where there is no recording"""
    changes: OptionalParagraph = ""
    """What was changed on the customer's side, in words, if only that nothing was"""
    config_changes: list[Change] = Field(default_factory=list, max_length=50)
    """Settings that were changed, one by one"""
    recording: OptionalLine = ""
    """Where the recording is"""
    recording_sha256: Annotated[str, StringConstraints(pattern="^([0-9a-f]{64})?$")] = ""
    """Its SHA-256, in hexadecimal; needed where no key steps are given"""


@router.post("", status_code=201)
async def start_remote_session(
    ticket: Id, body: NewSession, work: Work, caller: Worker, response: Response
) -> WorkView:
    """Start a remote session. It needs a valid consent of the customer and an approved tool."""
    approved = await work.tools.approved()
    act = partial(remote_sessions.start, tool=body.tool, purpose=body.purpose, approved=approved, scope=body.scope)
    return await change(work, caller, ticket, act, response, is_repeatable=True)


@router.post("/{session}/end")
async def end_remote_session(
    ticket: Id, session: Id, body: EndedSession, work: Work, caller: Worker, response: Response
) -> WorkView:
    """End a remote session, with its recording or key steps, and what was changed on the customer's side."""
    act = partial(
        remote_sessions.end,
        id=session,
        key_steps=body.key_steps,
        changes=body.changes,
        recording=body.recording,
        recording_sha256=body.recording_sha256,
        config_changes=[ConfigChange(**one.model_dump()) for one in body.config_changes],
    )
    return await change(work, caller, ticket, act, response)
