"""A service made for the test: one store, one event, one route, one timer."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, FastAPI
from pydantic import AwareDatetime, Field

from shared.auth import rule
from shared.domain import Aggregate, Origin
from shared.events import Event, SlaBreached, TicketLinked
from shared.http import Body, Caller, may, service
from shared.outbox import Outgoing
from shared.service import Runtime, serve
from shared.store import Store
from shared.terms import ClockKind
from shared.testing import LEAD, NOON, WANG, Servers, World, running


class Alarm(Aggregate):
    due_at: AwareDatetime | None = None
    heard: list[str] = Field(default_factory=list)
    rung: int = 0

    def hear(self, event: TicketLinked) -> list[Event]:
        self.heard += event.to
        return []

    def ring(self, now: datetime) -> list[Event]:
        if self.due_at is None or now < self.due_at:
            return []
        self.due_at, self.rung = None, self.rung + 1
        return [SlaBreached(subject=self.id, time=now, clock=ClockKind.RESPONSE, due_at=now)]


class Alarms(Store[Alarm]):
    kind = Alarm


class NewAlarm(Body):
    id: str
    minutes: int


@dataclass(frozen=True)
class Clockwork:
    alarms: Alarms
    runtime: Runtime

    async def hear(self, event: TicketLinked) -> None:
        if "burn" in event.to:
            raise RuntimeError("burnt")
        await self.alarms.change(event.subject, lambda alarm: alarm.hear(event), event)

    async def ring(self, ids: Sequence[str]) -> None:
        await self.alarms.change_all(ids, lambda alarm: alarm.ring(self.runtime.now()), Origin("clockwork"))


PERMISSIONS = {"policy:read": rule("agent engineer lead auditor admin")}
router = APIRouter(prefix="/alarms")


@router.post("", status_code=201)
async def set_alarm(
    body: NewAlarm, clockwork: Annotated[Clockwork, Depends(service)], caller: Annotated[Caller, may("policy:read")]
) -> Alarm:
    due_at = clockwork.runtime.now() + timedelta(minutes=body.minutes)
    return await clockwork.alarms.add(Alarm(id=body.id, due_at=due_at), [], caller.origin)


def create_app(runtime: Runtime) -> FastAPI:
    def wire(runtime: Runtime) -> Clockwork:
        clockwork = Clockwork(runtime.store(Alarms), runtime)
        runtime.on(TicketLinked, clockwork.hear)
        runtime.when_due(clockwork.alarms, clockwork.ring)
        return clockwork

    return serve("shared", wire, [router], PERMISSIONS, runtime)


@pytest.fixture
async def world(servers: Servers) -> AsyncIterator[World]:
    async with running(servers, create_app) as world:
        yield world


LINKED = TicketLinked(subject="A-1", time=NOON, to=["A-0"])


async def test_a_timer_fires_when_its_time_has_come_and_not_before(world: World) -> None:
    async with world.as_(LEAD, "shared") as lead:
        answer = await lead.post("/alarms", json={"id": "A-1", "minutes": 30})
    assert answer.status_code == 201
    await world.pass_time(minutes=29)
    assert world.published(SlaBreached) == []
    await world.pass_time(minutes=1)
    [breached] = world.published(SlaBreached)
    assert breached.subject == "A-1"


async def test_an_event_that_comes_too_early_is_handled_later(world: World) -> None:
    assert world._bus
    await world._bus.publish(Outgoing.of(LINKED))
    async with world.as_(LEAD, "shared") as lead:
        await lead.post("/alarms", json={"id": "A-1", "minutes": 30})
    await world.settle()
    alarm = await world.apps["shared"].state.service.alarms.get("A-1")
    assert alarm.heard == ["A-0"]


async def test_a_wrong_role_is_refused_with_a_problem_in_the_language_of_the_caller(world: World) -> None:
    async with world.as_(WANG, "shared") as wang:
        answer = await wang.post("/alarms", json={"id": "A-1", "minutes": 30})
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == "没有权限"
