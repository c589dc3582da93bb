"""All products as a process keeps them in memory, looked up by what they are called."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.intake.products.domain import Module, Product, ProductVersion, spelt, spelt_version


@dataclass(frozen=True, eq=False)
class Products:
    """`active` are those that are offered, by name; the others are known as well."""

    all: Sequence[Product] = ()
    active: Sequence[Product] = field(init=False)
    _by_name: dict[str, Product] = field(init=False)

    def __post_init__(self) -> None:
        known = {spelt(name): one for one in self.all for name in one.names}
        found = sorted((one for one in self.all if one.active), key=lambda one: (one.order, one.id))
        object.__setattr__(self, "_by_name", known)
        object.__setattr__(self, "active", found)

    def named(self, name: str) -> Product | None:
        """The one that is called so, in any spelling."""
        return self._by_name.get(spelt(name)) if name else None

    def id_of(self, name: str) -> str:
        """Empty for what is no product of ours."""
        found = self.named(name)
        return found.id if found else ""


NO_PRODUCTS = Products()


def module_named(product: Product, name: str) -> Module | None:
    known = spelt(name)
    return next((one for one in product.modules if known in map(spelt, one.names)), None) if name else None


def version_named(product: Product, name: str) -> ProductVersion | None:
    """`V3.2` is `3.2`."""
    known = spelt_version(name)
    return next((one for one in product.versions if spelt_version(one.name) == known), None) if name else None
