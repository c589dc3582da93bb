"""What the form for a new ticket offers: products with their versions and modules, and the fields of their ticket form.

Where no product is recorded the form is one of free texts.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from services.intake.forms.catalog import Forms
from services.intake.forms.domain import AppliedForm
from services.intake.forms.fields import FormField
from services.intake.information.domain import extract
from services.intake.portal.forms import CUSTOM, FIELDS
from services.intake.products.catalog import module_named, version_named
from services.intake.products.domain import Product, VersionStatus
from services.intake.tickets.questions import infer_facts
from shared.events import Problem
from shared.terms import Text

PARTS = ("product_version", "module")  # of a product
SUBJECT = ("product", *PARTS)
ASKED_FOR = "asked_for"  # the product whose fields the page shows


@dataclass(frozen=True)
class Choice:
    """One of a list: its value and what people read."""

    value: str
    label: Text
    ended: bool = False


@dataclass(frozen=True)
class Offer:
    """`chosen` are the values that are selected; `fields` those that are asked besides product, version and module;
    `needed` are the keys of all that a ticket like this is asked for where they are empty."""

    products: list[Choice]
    versions: list[Choice]
    modules: list[Choice]
    chosen: Mapping[str, str]
    fields: list[FormField]
    needed: frozenset[str]


def offer(values: Mapping[str, str], forms: Forms) -> Offer:
    product = forms.products.named(values.get("product", ""))
    form = forms.applied(values.get("product", ""))
    fields = [one for one in form.fields if one.key not in SUBJECT]
    needed = _needed(form, values)
    chosen = {name: values.get(name, "") for name in SUBJECT}
    if product is None:
        return Offer(_with([Choice(one.name, one.label) for one in forms.products.active], chosen["product"]), [], [],
                     chosen, fields, needed)  # fmt: skip
    module, version = module_named(product, chosen["module"]), version_named(product, chosen["product_version"])
    chosen = {
        "product": product.name,
        "module": module.name if module else chosen["module"],
        "product_version": version.name if version else chosen["product_version"],
    }
    return Offer(
        _with([Choice(one.name, one.label) for one in forms.products.active], product.name),
        _with(_versions(product), chosen["product_version"]),
        _with([Choice(one.name, one.label) for one in product.modules], chosen["module"]),
        chosen,
        fields,
        needed,
    )


def prefilled(values: Mapping[str, str], problem: Problem, forms: Forms) -> dict[str, str]:
    """With the product, version and module that the text tells, where nobody chose them."""
    if not forms.products.active:
        return dict(values)
    told = infer_facts(problem, forms.products)
    return {**values, **{name: getattr(told, name) for name in SUBJECT}}


def is_another(values: Mapping[str, str], forms: Forms) -> bool:
    """Whether another product was chosen than the one whose fields the page showed."""
    shown = values.get(ASKED_FOR)
    return shown is not None and forms.products.id_of(shown) != forms.products.id_of(values.get("product", ""))


def without_parts(values: Mapping[str, str]) -> dict[str, str]:
    """Version and module of the other product are none of this one."""
    return {name: said for name, said in values.items() if name not in PARTS}


def _needed(form: AppliedForm, values: Mapping[str, str]) -> frozenset[str]:
    """By what is filled in so far."""
    title, description = values.get("title", ""), values.get("description", "")
    malfunction = extract(title, description).malfunction
    custom = {one.key: values.get(f"{CUSTOM}{one.key}", "") for one in form.fields if one.is_custom}
    known = {name: values.get(name, "") for name in FIELDS}
    problem = Problem(**{**known, "custom_fields": custom})
    return frozenset(one.key for one in form.fields if one.is_asked(problem, malfunction))


def _versions(product: Product) -> list[Choice]:
    offered = (one for one in product.versions if one.status != VersionStatus.PLANNED)
    return [Choice(one.name, Text(one.name, one.name), one.status == VersionStatus.ENDED) for one in offered]


def _with(choices: list[Choice], chosen: str) -> list[Choice]:
    """Also what was filled in before; a list without choices stays empty: there one writes."""
    if choices and chosen and all(one.value != chosen for one in choices):
        return [*choices, Choice(chosen, Text(chosen, chosen))]
    return choices
