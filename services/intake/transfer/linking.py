"""Links between tickets of another desk become relations of ours, once the tickets are there."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.intake.relations.handlers import RelationHandlers
from services.intake.tickets.handlers import INTAKE
from services.intake.transfer.domain import Import, PartLink, ticket_key
from shared.domain import Refusal

AT_ONCE = 50  # links


@dataclass(frozen=True)
class Linking:
    relations: RelationHandlers

    async def link(self, job: Import, links: Sequence[PartLink]) -> int:
        """How many of them are there afterwards: not those of a ticket that the desk does not have. Done again it
        changes nothing, and a link that is said on both tickets is one."""
        numbers = await self._numbers(job.source, {id for one in links for id in (one.of, one.to)})
        return sum([await self._is_there(job, one, numbers) for one in links])

    async def _is_there(self, job: Import, one: PartLink, numbers: dict[str, str]) -> bool:
        if not (one.of in numbers and one.to in numbers):
            return False
        reason = f"{job.source}: {one.words}" if one.words else job.source
        try:
            await self.relations.add(numbers[one.of], one.kind, numbers[one.to], reason, INTAKE, lambda _: None)
        except Refusal:  # as a circle, or one too many
            return False
        return True

    async def _numbers(self, source: str, ids: set[str]) -> dict[str, str]:
        """Ours, by what they are called there."""
        keys = {ticket_key(source, id): id for id in ids}
        rows = await self.relations.tickets.store.rows({"_keys": {"$in": list(keys)}}, ("_keys",))
        return {keys[key]: row["id"] for row in rows for key in row["_keys"] if key in keys}
