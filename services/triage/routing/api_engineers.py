"""The engineers over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import Field

from services.triage.routing.domain import Engineer, Level, Profile
from services.triage.routing.engineers import EngineerHandlers
from shared.http import Body, Caller, Page, View, example, may, tagged
from shared.terms import Line, OptionalLine, Subject, Whole, YesOrNo

router = APIRouter(prefix="/v1/engineers", tags=["engineers"])


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
    skills: list[str]
    """Categories and products that they take first"""
    capacity: int
    """How many open tickets they may have"""
    available: bool
    """Whether they take tickets now"""
    tickets: list[str]
    """The open ones that they have, and those that are being assigned to them"""
    open: int
    """How many those are"""
    last_assigned_at: datetime | None
    """When they were last given one"""

    @classmethod
    def of(cls, engineer: Engineer) -> "EngineerView":
        return cls.model_validate(engineer)


class EngineerProfile(Body):
    model_config = example(name="Chen Yu", email="chen@desk.example", level="senior", skills=["function", "ERP"])

    name: Line
    """Their name"""
    email: OptionalLine = ""
    """Where they are told of their tickets"""
    language: str = Field("zh", pattern=r"^(zh|en)$")
    """zh or en"""
    level: Level = Level.ENGINEER
    """Urgent tickets go to seniors"""
    skills: list[Line] = Field(default_factory=list, max_length=50)
    """Categories and products that they take first"""
    capacity: Whole = Field(10, ge=1, le=200)
    """How many open tickets they may have"""


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


@router.put("/{engineer:path}")
async def put_engineer(
    engineer: EngineerSubject,
    body: EngineerProfile,
    engineers: Handlers,
    caller: Annotated[Caller, may("engineer:manage")],
    response: Response,
) -> EngineerView:
    """Enter an engineer, or change their profile."""
    return shown(await engineers.describe(engineer, Profile(**body.model_dump()), caller.origin), response)
