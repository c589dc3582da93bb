"""Records of products as people send and see them."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints

from services.intake.products.domain import (
    MOST_ALIASES,
    MOST_MODULES,
    MOST_VERSIONS,
    NAME_CHARACTERS,
    Product,
    VersionStatus,
)
from shared.domain import Invalid
from shared.http import Body, View, example
from shared.terms import Day, Known, Line, OptionalLine, YesOrNo

Key = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern="^[a-z0-9][a-z0-9_.-]*$")]
Name = Annotated[Line, Field(max_length=NAME_CHARACTERS)]
OptionalName = Annotated[OptionalLine, Field(max_length=NAME_CHARACTERS)]


def _distinct(values: list[str]) -> list[str]:
    return list(dict.fromkeys(values))


Aliases = Annotated[list[Name], Field(max_length=MOST_ALIASES), AfterValidator(_distinct)]


class ModuleBody(Body):
    """A part of a product."""

    key: Key
    """For programs"""
    name_zh: OptionalName = ""
    """In Chinese"""
    name_en: OptionalName = ""
    """In English; one of the two is required"""
    aliases: Aliases = Field(default_factory=list)
    """What else it is called"""


class VersionBody(Body):
    """A version of a product."""

    name: Name
    """As it is written: V3.2.1"""
    status: Known[VersionStatus] = VersionStatus.SUPPORTED
    """`planned`, `supported` or `ended`"""
    released: Day | None = None
    """The day of its release; null where it is not known"""
    supported_until: Day | None = None
    """The last day on which it is supported; null where it is not known"""


Modules = Annotated[list[ModuleBody], Field(max_length=MOST_MODULES)]
Versions = Annotated[list[VersionBody], Field(max_length=MOST_VERSIONS)]


class NewProduct(Body):
    model_config = example(
        key="erp",
        name_zh="环通 ERP",
        name_en="Huantong ERP",
        aliases=["环通"],
        modules=[{"key": "reports", "name_zh": "报表中心", "name_en": "Reports", "aliases": ["报表"]}],
        versions=[{"name": "V3.2", "released": "2026-01-15"}],
    )

    key: Key
    """For programs; no other product has it"""
    name_zh: OptionalName = ""
    """In Chinese"""
    name_en: OptionalName = ""
    """In English; one of the two is required"""
    aliases: Aliases = Field(default_factory=list)
    """What else it is called; no other product has one of its names"""
    active: YesOrNo = True
    """Whether forms offer it"""
    modules: Modules = Field(default_factory=list)
    """Its parts, in the order in which forms offer them; no two have a name in common"""
    versions: Versions = Field(default_factory=list)
    """Its versions, in the order in which forms offer them"""


class ProductAmendment(Body):
    model_config = example(versions=[{"name": "V3.3"}, {"name": "V3.2", "status": "ended"}])

    name_zh: OptionalName | None = None
    """In Chinese"""
    name_en: OptionalName | None = None
    """In English"""
    aliases: Aliases | None = None
    """All that it is called besides"""
    active: YesOrNo | None = None
    """Whether forms offer it"""
    modules: Modules | None = None
    """All its parts"""
    versions: Versions | None = None
    """All its versions"""


class ModuleView(View):
    key: str
    """For programs"""
    name_zh: str
    """In Chinese"""
    name_en: str
    """In English"""
    aliases: list[str]
    """What else it is called"""


class ProductVersionView(View):
    name: str
    """As it is written"""
    status: VersionStatus
    """Whether it is supported"""
    released: date | None
    """The day of its release; null where it is not known"""
    supported_until: date | None
    """The last day on which it is supported; null where it is not known"""


class ProductView(View):
    """A product with its modules and versions."""

    id: str
    """Its id"""
    version: int
    """Counts the changes of the record; the ETag names it"""
    key: str
    """For programs"""
    name: str
    """As tickets name it"""
    name_zh: str
    """In Chinese"""
    name_en: str
    """In English"""
    aliases: list[str]
    """What else it is called"""
    active: bool
    """Whether forms offer it"""
    modules: list[ModuleView]
    """Its parts"""
    versions: list[ProductVersionView]
    """Its versions"""
    added_at: datetime
    """When it was recorded"""
    added_by: str
    """Who did, as a subject"""

    @classmethod
    def of(cls, product: Product) -> Self:
        return cls.model_validate(product)


def facts_of(body: Body) -> dict[str, object]:
    """What a body says: what is null is left as it is. Raises Invalid where it says nothing."""
    facts = body.model_dump(exclude_none=True)
    if not facts:
        raise Invalid("At least one field is required", "请至少填写一个字段", "body")
    return facts
