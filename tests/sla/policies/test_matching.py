"""Which policy holds for a ticket, and why."""

from datetime import timedelta

import pytest

from services.sla.policies.catalog import PolicyCatalog
from services.sla.policies.domain import DEFAULT, Policy, PolicyDetails, StaysInForce
from services.sla.policies.matching import Match, Subject
from shared.testing import NOON
from tests.sla.builders import DEFAULT_VERSION

DAY = timedelta(days=1)
COMPANY, PRODUCT, TIER, TEAM = "华东贸易有限公司", "ERP", "gold", "data"
MATCHES = {
    "company": Match(company=COMPANY),
    "company-product": Match(company=COMPANY, product=PRODUCT),
    "product": Match(product=PRODUCT),
    "team": Match(team=TEAM),
    "tier": Match(tier=TIER),
}


def a_policy(id: str, match: Match, order: int | None = None) -> Policy:
    policy = Policy(id=id, match=match)
    policy.add_version(match, NOON, PolicyDetails("cn", {}, order), DEFAULT_VERSION, NOON)
    return policy


def catalog(**orders: int) -> PolicyCatalog:
    return PolicyCatalog(
        [Policy.default(), *(a_policy(id, match, orders.get(id.replace("-", "_"))) for id, match in MATCHES.items())]
    )


@pytest.mark.parametrize(
    ("subject", "policy"),
    [
        (Subject(), DEFAULT),
        (Subject(company="North Securities"), DEFAULT),
        (Subject(company=COMPANY), "company"),
        (Subject(company=COMPANY, product="CRM"), "company"),
        (Subject(company=COMPANY, product=PRODUCT), "company-product"),
        (Subject(product=PRODUCT, team=TEAM, tier=TIER), "product"),
        (Subject(team=TEAM, tier=TIER), "team"),
        (Subject(tier=TIER), "tier"),
        (Subject(tier=" GOLD "), "tier"),
        (Subject(tier=TIER, product="ＥＲＰ"), "product"),
        (Subject(company=COMPANY, product=PRODUCT, policy="tier"), "tier"),
        (Subject(company=COMPANY, policy="nobody-knows"), "company"),
    ],
)
def test_the_narrowest_policy_holds_and_what_was_agreed_before_it(subject: Subject, policy: str) -> None:
    assert catalog().in_force(subject, NOON)[0] == policy
    considered = catalog().explain(subject, NOON)
    assert (considered[-1].policy, considered[-1].chosen) == (policy, True)
    assert not any(one.chosen for one in considered[:-1])
    assert all(one.why.en and one.why.zh for one in considered)


def test_the_smaller_order_comes_before_the_narrower_one() -> None:
    assert catalog(tier=1).in_force(Subject(company=COMPANY, tier=TIER), NOON)[0] == "tier"


def test_before_it_holds_a_policy_is_nobodys() -> None:
    subject, before = Subject(company=COMPANY), NOON - DAY
    assert catalog().in_force(subject, before)[0] == DEFAULT
    assert catalog().explain(subject, before)[0].why.zh == "尚未生效"


def test_retired_it_is_nobodys_until_there_is_another_version() -> None:
    policy = a_policy("company", MATCHES["company"])
    assert len(policy.retire(NOON + DAY, NOON)) == 1
    assert policy.retire(NOON + 2 * DAY, NOON) == []
    policies = PolicyCatalog([Policy.default(), policy])
    subject = Subject(company=COMPANY)
    assert [policies.in_force(subject, NOON + n * DAY)[0] for n in range(2)] == ["company", DEFAULT]
    assert policies.explain(subject, NOON + DAY)[0].why.en == "it is retired"
    policy.add_version(policy.match, NOON + 2 * DAY, PolicyDetails("cn", {}), DEFAULT_VERSION, NOON)
    assert policies.in_force(subject, NOON + 2 * DAY)[0] == "company"


def test_the_default_stays() -> None:
    with pytest.raises(StaysInForce):
        Policy.default().retire(NOON, NOON)


def test_what_an_older_release_kept_is_a_companys() -> None:
    version = DEFAULT_VERSION.model_dump(exclude={"order", "retired"})
    old = Policy.model_validate({"id": "huadong", "company": COMPANY, "terms": [version]})
    assert (old.match, old.company) == (Match(company=COMPANY), COMPANY)
    assert Policy.model_validate({"id": DEFAULT, "company": "", "terms": [version]}).selector == "everybody"
