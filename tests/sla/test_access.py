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
        (None, f"/v1/tickets/{TICKET}/clocks", 401),
        (WANG, f"/v1/tickets/{TICKET}/clocks", 403),
        (WANG, "/v1/clocks", 403),
        (EDITOR, "/v1/policies", 403),
        (WANG, "/v1/calendars/cn", 403),
        (AGENT, "/v1/statistics", 403),
        (AGENT, "/v1/clocks", 200),
        (AGENT, "/v1/policies", 200),
        (AUDITOR, "/v1/statistics", 200),
        (ADMIN, "/v1/calendars/cn", 200),
    ],
)
async def test_who_may_read(world: World, who: Person | None, path: str, status: int) -> None:
    assert (await get(world, who, path)).status_code == status


@pytest.mark.parametrize("who", [LEAD, CHEN, AUDITOR, WANG])
async def test_only_administrators_set_policies_and_calendars(world: World, who: Person) -> None:
    assert (await put(world, who, "/v1/policies/huadong", HUADONG)).status_code == 403
    assert (await put(world, who, "/v1/calendars/cn", WEEK)).status_code == 403
