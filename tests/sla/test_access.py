"""Who may read and change what."""

import pytest

from shared.testing import ADMIN, AGENT, AUDITOR, CHEN, EDITOR, LEAD, WANG, Person, World
from tests.sla.builders import (
    TICKET,
)
from tests.sla.client import HUADONG, WEEK, get, put


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        (None, f"/tickets/{TICKET}/clocks", 401),
        (WANG, f"/tickets/{TICKET}/clocks", 403),
        (WANG, "/clocks/due", 403),
        (EDITOR, "/policies", 403),
        (WANG, "/calendars/cn", 403),
        (AGENT, "/statistics", 403),
        (AGENT, "/clocks/due", 200),
        (AGENT, "/policies", 200),
        (AUDITOR, "/statistics", 200),
        (ADMIN, "/calendars/cn", 200),
    ],
)
async def test_who_may_read(world: World, who: Person | None, path: str, status: int) -> None:
    assert (await get(world, who, path)).status_code == status


@pytest.mark.parametrize("who", [LEAD, CHEN, AUDITOR, WANG])
async def test_only_administrators_set_policies_and_calendars(world: World, who: Person) -> None:
    assert (await put(world, who, "/policies/huadong", HUADONG)).status_code == 403
    assert (await put(world, who, "/calendars/cn", WEEK)).status_code == 403
