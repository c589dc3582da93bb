"""Watchers of tickets of a running intake."""

from typing import Any

import pytest

from services.intake.tickets.domain import LimitReached
from services.intake.watchers.domain import MAX_WATCHERS, watch
from shared.events import TicketWatchersChanged, Watcher
from shared.terms import Stage
from shared.testing import AGENT, CHEN, LEAD, NOON, VIEWER, WANG, ZHAO, World
from tests.intake.merging.test_api import ask
from tests.intake.samples import at
from tests.intake.scene import opened

QIN = {"person": {"name": "秦月", "email": "qin@huadong.example"}}


def names(page: Any) -> list[tuple[str, bool]]:
    return [(one["name"], one["by_staff"]) for one in page["items"]]


async def test_staff_and_colleagues_of_the_customer_watch(world: World) -> None:
    number = (await opened(world))["ticket"]
    for _ in range(2):
        await ask(world, CHEN, "POST", f"{number}/watchers", {}, 201)
    await ask(world, AGENT, "POST", f"{number}/watchers", QIN, 201)
    assert names(await ask(world, VIEWER, "POST", f"{number}/watchers", {}, 201)) == [("文静", False)]
    assert names(await ask(world, WANG, "POST", f"{number}/watchers", {}, 201)) == []
    assert names(await ask(world, LEAD, "GET", f"{number}/watchers")) == [
        ("陈宇", True),
        ("秦月", False),
        ("文静", False),
    ]
    assert len(world.published(TicketWatchersChanged)) == 3
    await ask(world, ZHAO, "POST", f"{number}/watchers", {}, 404)
    await ask(world, VIEWER, "POST", f"{number}/watchers", QIN, 403)
    await ask(world, AGENT, "POST", f"{number}/watchers", {"person": {"name": "秦月"}}, 422)


async def test_they_leave_and_staff_remove_others(world: World) -> None:
    number = (await opened(world))["ticket"]
    await ask(world, AGENT, "POST", f"{number}/watchers", QIN, 201)
    await ask(world, VIEWER, "POST", f"{number}/watchers", {}, 201)
    [qin, _] = (await ask(world, LEAD, "GET", f"{number}/watchers"))["items"]
    await ask(world, VIEWER, "DELETE", f"{number}/watchers/{qin['id']}", expect=403)
    assert names(await ask(world, VIEWER, "DELETE", f"{number}/watchers/me")) == []
    assert names(await ask(world, LEAD, "DELETE", f"{number}/watchers/{qin['id']}")) == []
    await ask(world, LEAD, "DELETE", f"{number}/watchers/{qin['id']}", expect=404)


def test_their_number_is_bounded() -> None:
    ticket = at(Stage.HANDLING)
    for n in range(MAX_WATCHERS):
        watch(ticket, Watcher(id=f"u-{n}", name="x", sub=f"u-{n}"), NOON)
    with pytest.raises(LimitReached):
        watch(ticket, Watcher(id="u-x", name="x", sub="u-x"), NOON)
