"""What was stored before is still found."""

from shared.testing import World
from tests.notify.conftest import notify_of


async def test_documents_are_where_they_always_were(world: World) -> None:
    notify = notify_of(world)
    stores = (notify.audiences.store, notify.deliveries.installations, notify.deliveries.store)
    assert [store.name for store in stores] == ["contact", "birth", "delivery"]
