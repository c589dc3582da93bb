"""Records that may be one, and why a person might say so. Nothing is merged because of it."""

from collections.abc import Sequence

from services.intake.directory.companies import Company, label_of
from services.intake.directory.contacts import Person
from services.intake.directory.domain import Party
from services.intake.directory.names import ALIKE, core, likeness, normal
from shared.domain import Value
from shared.terms import Term


class DoubleReason(Term):
    SAME_CORE = "same_core", "the same name but for region and legal form", "除地区和公司形式外名称相同"
    SIMILAR_NAME = "similar_name", "a similar name", "名称相近"
    SAME_DOMAIN_NAME = "same_domain_name", "mail domains of the same name", "邮箱域名主体相同"
    SAME_PHONE = "same_phone", "the same telephone number", "电话号码相同"
    SAME_NAME_IN_COMPANY = "same_name_in_company", "the same name in the same company", "同一企业内姓名相同"


class Double(Value):
    party: Party
    reasons: list[DoubleReason]


def doubles(party: Party, others: Sequence[Party]) -> list[Double]:
    """Of those that share a hint, with the most reasons first."""
    found = [Double(party=one, reasons=reasons) for one in others if (reasons := _reasons(party, one))]
    return sorted(found, key=lambda one: (-len(one.reasons), one.party.order, one.party.id))


def _reasons(one: Party, other: Party) -> list[DoubleReason]:
    reasons: list[DoubleReason] = []
    if one.id == other.id or one.into or other.into:
        return reasons
    if isinstance(one, Company) and isinstance(other, Company):
        ours, theirs = {core(name) for name in one.names}, {core(name) for name in other.names}
        if ours & theirs:
            reasons.append(DoubleReason.SAME_CORE)
        elif any(likeness(a, b) >= ALIKE for a in ours for b in theirs):
            reasons.append(DoubleReason.SIMILAR_NAME)
        if {label_of(domain) for domain in one.domains} & {label_of(domain) for domain in other.domains}:
            reasons.append(DoubleReason.SAME_DOMAIN_NAME)
    elif isinstance(one, Person) and isinstance(other, Person):
        if one.company and one.company == other.company and normal(one.name) == normal(other.name):
            reasons.append(DoubleReason.SAME_NAME_IN_COMPANY)
    else:
        return reasons
    if set(one.phones) & set(other.phones):
        reasons.append(DoubleReason.SAME_PHONE)
    return reasons
