"""Preparing sessions and packs, and reminding of what was agreed."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any

from services.kb.articles.handlers import ArticleHandlers
from services.kb.cases.domain import Case
from services.kb.cases.handlers import CaseHandlers
from services.kb.training.domain import Session, session_id
from services.kb.training.packs import ReleasePack, assembled
from services.kb.training.store import ReleasePacks, Sessions
from shared.domain import NotFound, Origin
from shared.events import Event, ProductReleaseUpcoming
from shared.events.sla_reviews import SlaTrainingProposed

OWN = Origin.service("kb")
MOST_PREDECESSORS = 20
MOST_OF_PRODUCT = 2_000  # published articles that are looked through for a pack


@dataclass(frozen=True)
class TrainingHandlers:
    sessions: Sessions
    packs: ReleasePacks
    cases: CaseHandlers
    articles: ArticleHandlers
    now: Callable[[], datetime]

    async def propose(self, event: SlaTrainingProposed) -> None:
        """The session of a quarter takes over sla's list of hard cases."""
        await self.open(event.quarter, OWN)
        await self.sessions.change(session_id(event.quarter), partial(Session.propose, event=event), event)

    async def open(self, quarter: str, by: Origin) -> Session:
        """The one of this quarter, which is begun if there is none."""
        return await self.sessions.add(Session.of_quarter(quarter, self.now()), [], by)

    async def material(self, session: str) -> list[tuple[str, Case | None]]:
        """The case of each ticket on the agenda, in its order; None where there is none yet. Raises NotFound."""
        agenda = (await self.sessions.get(session)).agenda
        tickets = [one.ticket for one in agenda]
        known = await self.cases.of(tickets)
        return [(ticket, known.get(ticket)) for ticket in tickets]

    async def write_pack(self, product: str, version: str, said: dict[str, object], by: Origin) -> ReleasePack:
        """The pack of this version, assembled anew from what is published now."""
        now, id = self.now(), pack_id(product, version)
        known = await self.packs.find(id)
        before = known.predecessors if known else []
        said |= await self._assembled({product}, version, said.pop("new_since", None), before)
        new = ReleasePack(
            id=id, product=product, product_version=version, goes_live_at=said["goes_live_at"], changed_at=now
        )
        events = new.write(now, **said)
        if (known := await self.packs.add(new, events, by)) is new:
            return known
        return await self.packs.change(id, lambda pack: pack.write(now, **said), by)

    async def propose_pack(self, event: ProductReleaseUpcoming) -> None:
        """With what its predecessors are known to have. In a pack that people have written already what they have said
        stays."""
        id, before = pack_id(event.product, event.version), event.predecessors[:MOST_PREDECESSORS]
        lists = await self._assembled({event.product, *event.names}, event.version, None, before)
        told: dict[str, Any] = {"predecessors": before, "known_problems": lists["known_problems"]}
        told["fixed_problems"] = lists["fixed_problems"]

        def decide(pack: ReleasePack) -> list[Event]:
            said = {name: getattr(pack, name) for name in ("goes_live_at", "release_notes", "new_articles", "people")}
            return pack.write(self.now(), **said, **told)

        new = ReleasePack(
            id=id,
            product=event.product,
            product_version=event.version,
            goes_live_at=event.goes_live_at,
            changed_at=self.now(),
        )
        if await self.packs.add(new, decide(new), event) is not new:
            await self.packs.change(id, decide, event)

    async def _assembled(
        self, names: set[str], version: str, since: object, predecessors: Sequence[str]
    ) -> dict[str, object]:
        query, products = {"state": "published"}, {name.strip().casefold() for name in names}
        rows = await self.articles.store.rows(query, ["live_revision", "revisions.number", "revisions.content.product"])
        ids = [row["id"] for row in rows if _product_of(row) in products][:MOST_OF_PRODUCT]
        found = await self.articles.store.where({"_id": {"$in": ids}}, "_row")
        return dict(assembled(found, version, since if isinstance(since, datetime) else None, predecessors))

    async def remind_sessions(self, ids: Sequence[str]) -> None:
        await self._remind(self.sessions, ids)

    async def remind_packs(self, ids: Sequence[str]) -> None:
        await self._remind(self.packs, ids)

    async def _remind(self, store: Sessions | ReleasePacks, ids: Sequence[str]) -> None:
        now = self.now()

        def decide(one: Session | ReleasePack) -> list[Event]:
            return one.remind(now)

        for id in ids:
            with suppress(NotFound):
                await store.change(id, decide, OWN)


def pack_id(product: str, version: str) -> str:
    """The same for every spelling of a version."""
    name = f"{product.strip().casefold()}\n{version.strip().lower().removeprefix('v').strip()}"
    return f"RP-{sha256(name.encode()).hexdigest()[:16]}"


def _product_of(row: dict[str, object]) -> str:
    revisions = row["revisions"]
    assert isinstance(revisions, list)
    live = next((one for one in revisions if one["number"] == row["live_revision"]), revisions[-1])
    return str(live["content"].get("product", "")).strip().casefold()
