"""All forms and products as a process keeps them in memory: which form is whose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.intake.forms.domain import DEFAULT, AppliedForm, TicketForm
from services.intake.products.catalog import NO_PRODUCTS, Products


@dataclass(frozen=True, eq=False)
class Forms:
    products: Products = NO_PRODUCTS
    all: Sequence[TicketForm] = ()
    _by_scope: Mapping[str, TicketForm] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_scope", {one.scope: one for one in self.all if one.active})

    def applied(self, product: str, category: str = "") -> AppliedForm:
        """The one that says most about this: of its product and category, of its product, of its category, of all.
        `product` is how a ticket names it."""
        id = self.products.id_of(product)
        for scope in (f"{id}/{category}", f"{id}/", f"/{category}", "/"):
            if found := self._by_scope.get(scope):
                return AppliedForm(form=found.id, number=found.current.number, fields=found.current.fields)
        return DEFAULT


NO_FORMS = Forms()
