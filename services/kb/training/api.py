"""Training over HTTP (P6.3)."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from services.kb.training.domain import Session
from services.kb.training.handlers import TrainingHandlers
from services.kb.training.packs import ReleasePack
from services.kb.training.views import (
    FollowUpResult,
    MaterialView,
    NewTrainingSession,
    PackText,
    PackView,
    TrainingOutcome,
    TrainingPlan,
    TrainingSessionView,
)
from shared.http import After, Caller, Limit, Page, may, tagged
from shared.store import Decide
from shared.terms import Id

router = APIRouter(prefix="/v1", tags=["training"])


async def handlers(request: Request) -> TrainingHandlers:
    found: TrainingHandlers = request.app.state.service.training
    return found


Training = Annotated[TrainingHandlers, Depends(handlers)]
Reader = Annotated[Caller, may("training:read")]
Planner = Annotated[Caller, may("training:plan")]


def shown(session: Session, response: Response) -> TrainingSessionView:
    tagged(response, session)
    return TrainingSessionView.model_validate(session)


def shown_pack(pack: ReleasePack, response: Response) -> PackView:
    tagged(response, pack)
    return PackView.model_validate(pack)


async def change(training: TrainingHandlers, id: str, decide: Decide[Session], caller: Caller) -> Session:
    return await training.sessions.change(id, decide, caller.origin)


@router.get("/training-sessions")
async def list_training_sessions(
    training: Training, _: Reader, after: After = None, limit: Limit = 50
) -> Page[TrainingSessionView]:
    """List the case-sharing sessions, the earliest quarter first."""
    found, next = await training.sessions.page({}, training.sessions.by_quarter, after, limit)
    return Page(items=[TrainingSessionView.model_validate(one) for one in found], next=next)


@router.post("/training-sessions", status_code=201)
async def begin_training_session(
    body: NewTrainingSession, training: Training, caller: Planner, response: Response
) -> TrainingSessionView:
    """Begin the session of a quarter; the one that there is already is the answer. sla's list of hard cases begins it
    too."""
    return shown(await training.open(body.quarter, caller.origin), response)


@router.get("/training-sessions/{session}")
async def read_training_session(session: Id, training: Training, _: Reader, response: Response) -> TrainingSessionView:
    """Agenda, date, attendees, outcome and follow-ups of a session."""
    return shown(await training.sessions.get(session), response)


@router.get("/training-sessions/{session}/material")
async def read_training_material(session: Id, training: Training, _: Reader) -> Page[MaterialView]:
    """What there is to know of each ticket on the agenda, from its case. There is one page."""
    return Page(items=[MaterialView.of(ticket, case) for ticket, case in await training.material(session)])


@router.put("/training-sessions/{session}/plan")
async def plan_training_session(
    session: Id, body: TrainingPlan, training: Training, caller: Planner, response: Response
) -> TrainingSessionView:
    """Set date, place, attendees and agenda."""
    decide = partial(
        Session.plan,
        agenda=body.items(),
        at=body.planned_for,
        place=body.place,
        attendees=body.attendees,
        now=training.now(),
    )
    return shown(await change(training, session, decide, caller), response)


@router.post("/training-sessions/{session}/outcome")
async def hold_training_session(
    session: Id, body: TrainingOutcome, training: Training, caller: Planner, response: Response
) -> TrainingSessionView:
    """Write down who was there, what was learnt and what is to be done now. Once."""
    decide = partial(
        Session.hold,
        attended=body.attended,
        outcome=body.outcome,
        follow_ups=body.agreed(),
        now=training.now(),
    )
    return shown(await change(training, session, decide, caller), response)


@router.post("/training-sessions/{session}/follow-ups/{follow_up}/completion")
async def finish_follow_up(
    session: Id,
    follow_up: Annotated[int, Path(ge=1, le=1000)],
    body: FollowUpResult,
    training: Training,
    caller: Annotated[Caller, may("training:acknowledge")],
    response: Response,
) -> TrainingSessionView:
    """Say that something agreed is done, and what came of it."""
    decide = partial(Session.finish, number=follow_up, result=body.result, by=caller.sub, now=training.now())
    return shown(await change(training, session, decide, caller), response)


@router.get("/release-packs")
async def list_release_packs(training: Training, _: Reader, after: After = None, limit: Limit = 50) -> Page[PackView]:
    """List the packs, the latest to go live first."""
    found, next = await training.packs.page({}, training.packs.newest_first, after, limit)
    return Page(items=[PackView.model_validate(one) for one in found], next=next)


@router.post("/release-packs", status_code=201)
async def write_release_pack(body: PackText, training: Training, caller: Planner, response: Response) -> PackView:
    """Write the pack of a version, or write it anew: known and fixed problems are the published articles that name the
    version. What says something else is a new edition, which everybody reads anew."""
    said = body.model_dump(exclude={"product", "product_version"})
    return shown_pack(await training.write_pack(body.product, body.product_version, said, caller.origin), response)


@router.get("/release-packs/{pack}")
async def read_release_pack(pack: Id, training: Training, _: Reader, response: Response) -> PackView:
    """A pack, and who has read it."""
    return shown_pack(await training.packs.get(pack), response)


@router.post("/release-packs/{pack}/acknowledgement")
async def acknowledge_release_pack(
    pack: Id, training: Training, caller: Annotated[Caller, may("training:acknowledge")], response: Response
) -> PackView:
    """Say that you have read this edition of the pack."""
    decide = partial(ReleasePack.acknowledge, by=caller.sub, now=training.now())
    return shown_pack(await training.packs.change(pack, decide, caller.origin), response)
