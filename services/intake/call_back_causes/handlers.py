"""Keeping the list of causes, and choosing from it."""

from dataclasses import dataclass

from services.intake.call_back_causes.domain import MOST_CAUSES, CallBackCause, CauseExists, new_cause
from services.intake.call_back_causes.store import CallBackCauses
from services.intake.products.domain import LimitReached, spelt
from services.intake.products.handlers import id_of_request
from shared.domain import Conflict, Invalid, Origin
from shared.mongo import DuplicateKey
from shared.service import Now


@dataclass(frozen=True)
class CallBackCauseHandlers:
    store: CallBackCauses
    now: Now

    async def add(self, name_zh: str, name_en: str, by: Origin) -> CallBackCause:
        """With the same key it is added once. Raises CauseExists, LimitReached, Invalid."""
        new = new_cause(id_of_request(CallBackCause.prefix, by), name_zh, name_en, by.actor, self.now())
        if (not by.key or await self.store.find(new.id) is None) and await self.store.count({}) >= MOST_CAUSES:
            raise LimitReached(f"There can be at most {MOST_CAUSES} causes", f"最多可以有 {MOST_CAUSES} 个原因")
        try:
            return await self.store.add(new, [], by)
        except Conflict:
            raise _exists() from None

    async def amend(
        self, id: str, name_zh: str | None, name_en: str | None, active: bool | None, by: Origin
    ) -> CallBackCause:
        """Raises NotFound, CauseExists, Stale, Invalid."""
        try:
            return await self.store.change(id, lambda cause: cause.amend(name_zh, name_en, active), by)
        except DuplicateKey:
            raise _exists() from None

    async def chosen(self, said: str) -> CallBackCause | None:
        """The one with this id or name; None where the list is empty: then any words will do. Raises Invalid."""
        causes = await self.store.where({"active": True})
        found = next((one for one in causes if said == one.id or spelt(said) in one.keys), None)
        if causes and found is None:
            listed = sorted(causes, key=lambda one: one.order)
            en, zh = ", ".join(one.name_en for one in listed), "、".join(one.name_zh for one in listed)
            raise Invalid(
                f"Choose one of the listed causes: {en[:1_000]}", f"请从列表中选择原因：{zh[:1_000]}", "body.cause"
            )
        return found


def _exists() -> CauseExists:
    return CauseExists("Another cause has this name", "已有同名的原因")
