from services.intake.drafts.domain import FORGOTTEN_AFTER, Draft
from shared.store import Index, Store


class Drafts(Store[Draft]):
    """One document for each person, ticket and audience; also where nothing is typed just now."""

    kind = Draft
    has_outbox = False
    indexes = (Index(("owner", "changed_at")), Index(("changed_at",)), Index(("ticket",)))

    async def remove_expired(self) -> int:
        """Also drafts that nobody has touched for so long."""
        old = await self.rows({"changed_at": {"$lt": self._now() - FORGOTTEN_AFTER}, "due_at": None}, ())
        await self.remove([row["id"] for row in old])
        return len(old) + await super().remove_expired()
