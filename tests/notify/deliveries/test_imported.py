"""Tickets that come from another desk, where their customers were told."""

from shared.testing import CHEN, NOON, WANG, World
from tests.notify.conftest import deliveries_to
from tests.notify.samples import opened, posted


async def test_nobody_is_told_that_it_came_and_then_all_as_ever(world: World) -> None:
    await world.publish(opened(imported_from="zammad", opened_at=NOON))
    assert await deliveries_to(world) == []
    await world.publish(posted("正在处理", CHEN, True))
    assert len(await deliveries_to(world, WANG.sub)) == 1
