"""Several processes of each service are one service: without any fault, all five agree on every ticket."""

import pytest

from tests.live.audit import faults_found
from tests.live.crowd import Crowd, staff_arrives
from tests.live.desk import Desk
from tests.live.wishes import wishes

pytestmark = [pytest.mark.live, pytest.mark.timeout(400)]
TICKETS = 250


async def test_all_services_agree_on_every_ticket(desk: Desk) -> None:
    await staff_arrives(desk)
    crowd = Crowd(desk)
    await crowd.come(wishes(TICKETS))
    assert await faults_found(crowd) == ""
