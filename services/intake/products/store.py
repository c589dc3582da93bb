from collections.abc import Sequence
from typing import Any

from services.intake.products.domain import Product
from shared.mongo import Database
from shared.outbox import Sender
from shared.service import Now
from shared.store import ByText, Index, Store


class ProductStore(Store[Product]):
    """No two documents have one of `keys` in common."""

    kind = Product
    indexes = (Index(("keys",), unique=True), Index(("order",)), Index(("active", "order")))

    def __init__(self, database: Database, sender: Sender, now: Now) -> None:
        super().__init__(database, sender, now)
        self.by_name = ByText("order")

    async def holders(self, keys: Sequence[str]) -> list[str]:
        """The ids of those that have one of these keys."""
        return [row["id"] for row in await self.rows({"keys": {"$in": list(keys)}}, ())]

    def _dump(self, product: Product) -> dict[str, Any]:
        # BSON has moments and no days.
        due = {"due_at": product.due_at} if product.due_at else {}
        return {**product.model_dump(mode="json", exclude={"id", "added_at", "due_at"}), "added_at": product.added_at,
                "keys": product.keys, "order": product.order, **due}  # fmt: skip
