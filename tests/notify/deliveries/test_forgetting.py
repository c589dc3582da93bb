"""Who is forgotten is not named in any delivery, gets no mail that still waits, and staff keep theirs without words."""

from services.notify.deliveries.domain import DeliveryState
from shared.erasing import ERASED, Needles
from shared.events import ContactErased
from shared.testing import CHEN, WANG, World
from tests.notify.conftest import deliveries_to, notify_of
from tests.notify.samples import TICKET, assigned, opened, posted


async def test_deliveries_and_audience_forget(world: World) -> None:
    await world.publish(opened())
    await world.publish(assigned(CHEN))
    await world.publish(posted("还是不行", WANG, False))
    needles = Needles([WANG.sub, WANG.email, "还是不行"])
    before = await deliveries_to(world)
    assert needles.are_in([one.model_dump(mode="json") for one in before])
    event = ContactErased(subject="ER-1", time=world.now(), tickets=[TICKET, "TK-2026-000099"])
    for _ in range(2):
        await world.publish(event)
    after = await deliveries_to(world)
    assert [one.id for one in after] == [one.id for one in before]
    assert {content.text for one in after for content in one.words.values()} == {ERASED}
    assert [one.recipient for one in after if one.recipient == CHEN.sub]
    assert not [one for one in after if one.state is DeliveryState.QUEUED]
    audience = await notify_of(world).audiences.store.get(TICKET)
    assert not needles.are_in([one.model_dump(mode="json") for one in (*after, audience)])
    assert audience.company == WANG.company
