"""The engineers over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from starlette.convertors import PathConvertor, register_url_convertor

from services.triage.routing.domain import Engineer, Level, Profile
from services.triage.routing.duty import Leave, OnCall, Shifts
from services.triage.routing.engineers import EngineerHandlers
from services.triage.routing.skills import Skill
from services.triage.work.access import actor
from shared.domain import Invalid
from shared.http import Body, Caller, Page, View, example, may, tagged
from shared.terms import Line, OptionalLine, Subject, YesOrNo

router = APIRouter(prefix="/v1/engineers", tags=["engineers"])


class EngineerConvertor(PathConvertor):
    """A subject, which may have slashes in it, and not what stands below an engineer."""

    regex = "(?:(?!/(?:availability|activation|deactivation)$).)+"


register_url_convertor("engineer", EngineerConvertor())


EngineerSubject = Annotated[Subject, Path(description="Who it is, as a subject")]


class EngineerView(View):
    id: str
    """Their subject"""
    version: int
    """Counts the changes; the ETag names it"""
    name: str
    """Their name"""
    email: str
    """Their email address; empty if there is none"""
    language: str
    """zh or en"""
    level: Level
    """Urgent tickets go to seniors"""
    skills: list[Skill]
    """What they take; none named means everything"""
    capacity: int
    """How many open tickets they may have"""
    weight: float
    """Their share of the work compared with others"""
    teams: list[str]
    """The teams whose tickets they take; none named means all"""
    zone: str
    """Their time zone"""
    shifts: Shifts | None
    """When they work; null: always"""
    leave: list[Leave]
    """When they are away"""
    on_call: list[OnCall]
    """When they are on call"""
    active: bool
    """Whether they have not been deactivated"""
    available: bool
    """Whether they say that they take tickets now"""
    tickets: list[str]
    """The open ones that they have, and those that are being assigned to them"""
    open: int
    """How many those are"""
    last_assigned_at: datetime | None
    """When they were last given one"""

    @classmethod
    def of(cls, engineer: Engineer) -> "EngineerView":
        return cls.model_validate(engineer)


WEEK = [[{"start": "09:00", "end": "18:00"}]] * 5 + [[], []]
FUNCTION = {"kind": "category", "name": "function", "level": 4}


class EngineerProfile(Profile, Body):
    model_config = example(
        name="Chen Yu", email="chen@desk.example", level="senior", skills=[FUNCTION], shifts={"weekly": WEEK}
    )


class EngineerAmendment(Profile, Body):
    model_config = example(leave=[{"first": "2026-10-01", "last": "2026-10-07", "reason": "holiday"}])

    name: OptionalLine = ""
    """Their name; empty: as it is"""


class Deactivation(Body):
    model_config = example(reason="Leaves the company", to="e-liu")

    reason: Line
    """Why; it stands on each ticket that is handed over"""
    to: Subject | None = None
    """Who takes the tickets over, as far as their limit and shift allow; the others, and all for null, go back to the
    queue"""


class Availability(Body):
    model_config = example(available=True)

    available: YesOrNo
    """Whether they take tickets from now on"""


async def handlers(request: Request) -> EngineerHandlers:
    found: EngineerHandlers = request.app.state.service.engineers
    return found


Handlers = Annotated[EngineerHandlers, Depends(handlers)]


def shown(engineer: Engineer, response: Response) -> EngineerView:
    tagged(response, engineer)
    return EngineerView.of(engineer)


@router.get("")
async def list_engineers(engineers: Handlers, _: Annotated[Caller, may("engineer:read")]) -> Page[EngineerView]:
    """All engineers by name, with the tickets that each holds."""
    everybody = [engineer async for engineer in engineers.store.all()]
    found = sorted(everybody, key=lambda one: (one.name, one.id))
    return Page(items=[EngineerView.of(engineer) for engineer in found])


@router.put("/{engineer:path}/availability")
async def set_engineer_availability(
    engineer: EngineerSubject,
    body: Availability,
    engineers: Handlers,
    caller: Annotated[Caller, may("engineer:available")],
    response: Response,
) -> EngineerView:
    """Start or stop taking tickets. Waiting urgent tickets are assigned to a senior engineer who becomes available."""
    caller.check("engineer:available", owner=engineer)
    if engineer == caller.sub:
        await engineers.register(caller.principal)
    return shown(await engineers.set_available(engineer, body.available, caller.origin), response)


@router.post("/{engineer:path}/deactivation")
async def deactivate_engineer(
    engineer: EngineerSubject,
    body: Deactivation,
    engineers: Handlers,
    caller: Annotated[Caller, may("engineer:manage")],
    response: Response,
) -> EngineerView:
    """Give them no more tickets, and hand over those that they have: to a colleague or to the queue."""
    done = await engineers.deactivate(engineer, body.to or "", body.reason, actor(caller), caller.origin)
    return shown(done, response)


@router.post("/{engineer:path}/activation")
async def activate_engineer(
    engineer: EngineerSubject,
    engineers: Handlers,
    caller: Annotated[Caller, may("engineer:manage")],
    response: Response,
) -> EngineerView:
    """Let somebody who was deactivated take tickets again, once they say that they are available."""
    return shown(await engineers.activate(engineer, caller.origin), response)


@router.get("/{engineer:engineer}")
async def read_engineer(
    engineer: EngineerSubject, engineers: Handlers, _: Annotated[Caller, may("engineer:read")], response: Response
) -> EngineerView:
    """An engineer, with the tickets that they hold."""
    return shown(await engineers.store.get(engineer), response)


@router.put("/{engineer:engineer}")
async def put_engineer(
    engineer: EngineerSubject,
    body: EngineerProfile,
    engineers: Handlers,
    caller: Annotated[Caller, may("engineer:manage")],
    response: Response,
) -> EngineerView:
    """Enter an engineer, or change all of their profile: what is not there is as for somebody new."""
    facts = {name: getattr(body, name) for name in Profile.model_fields}
    return shown(await engineers.enter(engineer, facts, caller.origin), response)


@router.patch("/{engineer:engineer}")
async def amend_engineer(
    engineer: EngineerSubject,
    body: EngineerAmendment,
    engineers: Handlers,
    caller: Annotated[Caller, may("engineer:manage")],
    response: Response,
) -> EngineerView:
    """Change a part of the profile: a field that is not there stays as it is, a list is replaced."""
    said = body.model_fields_set if body.name else body.model_fields_set - {"name"}
    facts = {name: getattr(body, name) for name in Profile.model_fields if name in said}
    if not facts:
        raise Invalid("At least one field is required", "请至少填写一个字段", "body")
    return shown(await engineers.change(engineer, facts, caller.origin), response)
