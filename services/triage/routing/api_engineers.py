"""The engineers over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.triage.routing.domain import Engineer, Level, Profile
from services.triage.routing.engineers import EngineerHandlers
from shared.http import Body, Caller, may, tagged
from shared.terms import Line, OptionalLine, Subject, Whole, YesOrNo

router = APIRouter(prefix="/v1/engineers")


class EngineerView(BaseModel):
    """`tickets` are the open ones that they hold, and those that are being assigned to them; `open` counts them."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    version: int
    name: str
    email: str
    language: str
    level: Level
    skills: list[str]
    capacity: int
    available: bool
    tickets: list[str]
    open: int
    last_assigned_at: datetime | None

    @classmethod
    def of(cls, engineer: Engineer) -> "EngineerView":
        return cls.model_validate(engineer)


class Description(Body):
    name: Line
    email: OptionalLine = ""
    language: str = Field("zh", pattern=r"^(zh|en)$")
    level: Level = Level.ENGINEER
    skills: list[Line] = Field(default_factory=list, max_length=50)
    capacity: Whole = Field(10, ge=1, le=200)


class Availability(Body):
    available: YesOrNo


async def handlers(request: Request) -> EngineerHandlers:
    found: EngineerHandlers = request.app.state.service.engineers
    return found


Handlers = Annotated[EngineerHandlers, Depends(handlers)]


def shown(engineer: Engineer, response: Response) -> EngineerView:
    tagged(response, engineer)
    return EngineerView.of(engineer)


@router.get("")
async def list_engineers(engineers: Handlers, _: Annotated[Caller, may("engineer:read")]) -> list[EngineerView]:
    """All engineers by name, with the tickets that each holds."""
    everybody = [engineer async for engineer in engineers.store.all()]
    return [EngineerView.of(engineer) for engineer in sorted(everybody, key=lambda one: (one.name, one.id))]


@router.put("/{engineer:path}/availability")
async def set_engineer_availability(
    engineer: Subject,
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
    engineer: Subject,
    body: Description,
    engineers: Handlers,
    caller: Annotated[Caller, may("engineer:manage")],
    response: Response,
) -> EngineerView:
    """Enter an engineer, or change their profile."""
    return shown(await engineers.describe(engineer, Profile(**body.model_dump()), caller.origin), response)
