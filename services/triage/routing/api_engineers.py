"""The engineers over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from services.triage.handlers import Triage
from services.triage.routing.domain import Engineer, Level
from shared.http import Body, Caller, may, service, tagged
from shared.terms import Line, OptionalLine, Subject, Whole, YesOrNo

router = APIRouter(prefix="/engineers")
Service = Annotated[Triage, Depends(service)]


class EngineerView(BaseModel):
    """`tickets` are the open ones that they hold, and those that they are being given; `open` counts them."""

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


@router.get("")
async def read_engineers(triage: Service, _: Annotated[Caller, may("engineer:read")]) -> list[EngineerView]:
    """All of them, by name, with what each holds."""
    everybody = [engineer async for engineer in triage.engineers.all()]
    return [EngineerView.of(engineer) for engineer in sorted(everybody, key=lambda one: (one.name, one.id))]


@router.put("/{sub:path}/availability")
async def set_availability(
    sub: Subject,
    body: Availability,
    triage: Service,
    response: Response,
    caller: Annotated[Caller, may("engineer:available")],
) -> EngineerView:
    """Begin or end to take tickets; urgent ones that wait go to a senior engineer as soon as one is there."""
    caller.check("engineer:available", owner=sub)
    if sub == caller.sub:
        known = caller.principal
        await triage.registered(known.sub, known.name, known.email, known.language)
    engineer = await triage.set_available(sub, body.available, caller.origin)
    tagged(response, engineer)
    return EngineerView.of(engineer)


@router.put("/{sub:path}")
async def describe(
    sub: Subject,
    body: Description,
    triage: Service,
    response: Response,
    caller: Annotated[Caller, may("engineer:manage")],
) -> EngineerView:
    """Enter an engineer, or change what is known of them."""
    engineer = await triage.describe(
        sub, body.name, body.email, body.language, body.level, list(body.skills), body.capacity, caller.origin
    )
    tagged(response, engineer)
    return EngineerView.of(engineer)
