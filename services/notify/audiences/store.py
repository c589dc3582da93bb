from services.notify.audiences.domain import Audience
from shared.store import Store


class Audiences(Store[Audience]):
    kind = Audience
    collection = "contact"  # their name before; renaming it would lose them
    projection = True
    has_outbox = False

    async def owner(self, ticket: str) -> tuple[str, str] | None:
        """The customer's `sub` and company."""
        found = await self.rows({"_id": ticket}, ["customer.sub", "company"], limit=1)
        return (found[0]["customer"]["sub"], found[0]["company"]) if found else None
