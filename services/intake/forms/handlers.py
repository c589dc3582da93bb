"""Keeping ticket forms, and knowing all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.intake.forms.catalog import Forms
from services.intake.forms.domain import MOST_FORMS, FormExists, TicketForm
from services.intake.forms.fields import FormField
from services.intake.forms.store import TicketForms
from services.intake.products.domain import LimitReached
from services.intake.products.handlers import InMemory, ProductHandlers, id_of_request
from shared.domain import Conflict, Invalid, Origin
from shared.events import Event
from shared.service import Now


@dataclass
class FormHandlers:
    """Each process keeps all forms in memory."""

    store: TicketForms
    products: ProductHandlers
    now: Now

    def __post_init__(self) -> None:
        self._all = InMemory(self.store, TicketForm.lean)
        self._known = Forms()

    async def known(self) -> Forms:
        products, forms = await self.products.known(), await self._all.all()
        if self._known.products is not products or self._known.all is not forms:
            self._known = Forms(products, forms)
        return self._known

    async def add(
        self, product: str, category: str, fields: Sequence[FormField], active: bool, by: Origin
    ) -> TicketForm:
        """With the same key it is added once. Raises FormExists, LimitReached, Invalid."""
        if product and await self.products.store.find(product) is None:
            raise Invalid(f"{product} does not exist", f"{product} 不存在", "body.product")
        new = TicketForm(id=id_of_request(TicketForm.prefix, by), product=product, category=category)
        new.declare(fields, active, by.actor, self.now())
        if not by.key or await self.store.find(new.id) is None:
            await self._require_room(new)
        try:
            added = await self.store.add(new, [], by)
        except Conflict:
            raise _exists([one["id"] for one in await self.store.rows({"scope": new.scope}, ())]) from None
        self._all.drop()
        return added

    async def change(self, id: str, fields: Sequence[FormField] | None, active: bool | None, by: Origin) -> TicketForm:
        """Raises NotFound, Stale, Invalid."""

        def decide(form: TicketForm) -> list[Event]:
            return form.declare(fields, active, by.actor, self.now())

        found = await self.store.change(id, decide, by)
        self._all.drop()
        return found

    async def _require_room(self, new: TicketForm) -> None:
        if taken := await self.store.rows({"scope": new.scope}, ()):
            raise _exists([one["id"] for one in taken])
        if await self.store.count({}) >= MOST_FORMS:
            raise LimitReached(f"There can be at most {MOST_FORMS} forms", f"最多可以有 {MOST_FORMS} 个表单")


def _exists(ids: Sequence[str]) -> FormExists:
    named = ", ".join(ids)
    return FormExists(f"There is a form for this: {named}", f"已有此范围的表单：{named}")
