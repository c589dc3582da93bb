"""Tickets of a running intake, brought to where a test begins."""

from datetime import datetime
from typing import Any

from shared.events import (
    Contact,
    Problem,
    TicketOpened,
    TriageAssigned,
    TriageDiagnosed,
    TriageSolutionVerified,
)
from shared.terms import Category, Channel, Priority
from shared.testing import NOON, WANG, Person, World

CRASH = {"title": "V3.2 在 Win11 上导出 Excel 时崩溃", "description": "导出报表时程序崩溃。"}
WANG_OF_HUADONG = Contact(name="王敏", sub="u-wang")


async def opened(world: World, person: Person = WANG, **body: Any) -> dict[str, Any]:
    async with world.as_(person, "intake") as client:
        answer = await client.post("/v1/tickets", json={**CRASH, **body})
    assert answer.status_code == 201, answer.text
    ticket: dict[str, Any] = answer.json()
    await world.settle()
    return ticket


async def to_verification(world: World, number: str) -> None:
    known: dict[str, Any] = {"subject": number, "time": NOON, "actor": "e-liu"}
    await world.publish(
        TriageDiagnosed(
            category=Category.FUNCTION, priority=Priority.HIGH, queue="function", reasons=[], confirmed=True, **known
        )
    )
    await world.publish(TriageAssigned(engineer="e-liu", engineer_name="刘洋", senior=True, by="e-liu", **known))
    await world.publish(TriageSolutionVerified(round=1, solution="补丁", steps="导出", result="通过", **known))


async def completed(world: World) -> str:
    number: str = (await opened(world))["ticket"]
    await to_verification(world, number)
    async with world.as_(WANG, "intake") as wang:
        await wang.post(f"/v1/tickets/{number}/verification", json={"accepted": True})
        answer = await wang.post(f"/v1/tickets/{number}/feedback", json={"satisfaction": "satisfied"})
    assert answer.json()["status"] == "completed"
    await world.settle()
    return number


async def asked(world: World) -> str:
    """A ticket whose customer is asked about the solution."""
    number: str = (await opened(world))["ticket"]
    await to_verification(world, number)
    return number


async def verified_again(world: World, number: str, round: int, solution: str) -> None:
    await world.publish(
        TriageSolutionVerified(
            subject=number, time=NOON, revision=10 * round, round=round, solution=solution, steps="s", result="r"
        )
    )


async def say(world: World, number: str, path: str, **body: object) -> None:
    async with world.as_(WANG, "intake") as wang:
        assert (await wang.post(f"/v1/tickets/{number}/{path}", json=body)).is_success
    await world.settle()


async def send_what_was_left(world: World) -> None:
    """By requests that were interrupted after they had written."""
    sender = world.runtimes["intake"].sender
    await sender.clear()
    await sender.sweep(world.now())
    await world.settle()


def opening(number: str, at: datetime = NOON, *linked: str, contact: Contact = WANG_OF_HUADONG) -> TicketOpened:
    return TicketOpened(
        subject=number,
        time=at,
        problem=Problem(title="x", description="x"),
        customer="C-1",
        company="华东",
        contact=contact,
        channel=Channel.ONLINE,
        taken_by="a-lin",
        linked=list(linked),
    )
