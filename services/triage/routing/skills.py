"""What engineers are good at, and how well."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from shared.domain import Value
from shared.terms import Category, InvalidValue, Line, Term, Whole

ORDINARY = 3  # of levels from 1 to 5
PLACE = "category:function:4"


class SkillKind(Term):
    CATEGORY = "category", "category", "问题类别"
    PRODUCT = "product", "product", "产品"
    MODULE = "module", "module", "模块"


class Skill(Value):
    kind: SkillKind
    """What it is about: a category of problems, a product, or a module of one"""
    name: Line
    """Which one, such as function or ERP; upper and lower case are the same"""
    level: Annotated[Whole, Field(ge=1, le=5)] = ORDINARY
    """How well, from 1 (beginner) to 5 (expert)"""


def skill_of(text: str) -> Skill:
    """Of `product:ERP:4`, `product:ERP`, or a name alone, which is a category if there is one of that name. Raises
    InvalidValue."""
    kind, colon, rest = text.partition(":")
    kinds = {word: one for one in SkillKind for word in (one.value, one.label.zh)}
    if not colon or kind.strip() not in kinds:
        is_category = text.casefold() in {one.value for one in Category}
        return Skill(kind=SkillKind.CATEGORY if is_category else SkillKind.PRODUCT, name=text)
    name, colon, level = rest.rpartition(":")
    if not colon or not (level.isascii() and level.isdigit()):
        name, level = rest, str(ORDINARY)
    if not name.strip() or not 1 <= int(level[:4]) <= 5:
        raise InvalidValue(f"A skill is written like {PLACE}", f"技能请写成 {PLACE} 的形式")
    return Skill(kind=kinds[kind.strip()], name=name.strip(), level=int(level))


def migrated(skills: Any) -> Any:
    """Older releases kept the names alone."""
    if not isinstance(skills, list):
        return skills
    return [skill_of(one) if isinstance(one, str) else one for one in skills]


def unique(skills: Sequence[Skill]) -> list[Skill]:
    """The last of each name counts."""
    return list({(one.kind, one.name.casefold()): one for one in skills}.values())


def level_for(skills: Sequence[Skill], category: str, product: str, module: str) -> int:
    """The best that fits, from 1 to 5; 0 when none does. Who names none can do everything, in an ordinary way."""
    if not skills:
        return ORDINARY
    asked = {
        SkillKind.CATEGORY: category.casefold(),
        SkillKind.PRODUCT: product.casefold(),
        SkillKind.MODULE: module.casefold(),
    }
    return max((one.level for one in skills if one.name.casefold() == asked[one.kind]), default=0)
