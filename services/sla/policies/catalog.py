"""The policies as this process last read them."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from services.sla.policies.domain import DEFAULT, Policy, PolicyVersion
from services.sla.policies.matching import FIELDS, Subject
from shared.terms import Text


class Considered(NamedTuple):
    """A policy that was asked, whether it is the one, and why."""

    policy: str
    chosen: bool
    why: Text

    @property
    def sentence(self) -> Text:
        if self.policy == DEFAULT:
            return Text(f"Counted by the default policy, because {self.why.en}.", f"适用默认策略：{self.why.zh}。")
        return Text(
            f"Counted by the policy {self.policy}, because {self.why.en}.", f"适用策略“{self.policy}”：{self.why.zh}。"
        )


class PolicyCatalog:
    def __init__(self, policies: Iterable[Policy] = ()) -> None:
        self.replace(policies)

    def replace(self, policies: Iterable[Policy]) -> None:
        self._policies = {policy.id: policy for policy in policies}

    def all(self) -> list[Policy]:
        return list(self._policies.values())

    def holder(self, selector: str) -> str | None:
        """The id of the policy for exactly these tickets."""
        return next((policy.id for policy in self._policies.values() if policy.selector == selector), None)

    def in_force(self, subject: Subject, moment: datetime) -> tuple[str, PolicyVersion]:
        """The policy, by its id, and the version: the first that is in force then and for such a ticket."""
        for policy, version in self._in_order(subject, moment):
            if version and not version.retired and (policy.id == subject.policy or not policy.match.lacks(subject)):
                return policy.id, version
        raise AssertionError("the default has been in force from the beginning")

    def explain(self, subject: Subject, moment: datetime) -> list[Considered]:
        """All that were asked, up to the one that holds."""
        found = []
        for policy, version in self._in_order(subject, moment):
            chosen, why = _why(policy, version, subject)
            found.append(Considered(policy.id, chosen, why))
            if chosen:
                break
        return found

    def _in_order(self, subject: Subject, moment: datetime) -> list[tuple[Policy, PolicyVersion | None]]:
        """What was agreed with the company, then by order, then the narrower one; the default last."""
        found = [(policy, policy.version_at(moment)) for policy in self._policies.values()]

        def place(one: tuple[Policy, PolicyVersion | None]) -> tuple[bool, bool, int, int, str]:
            policy, version = one
            order = version.order if version else 0
            return policy.id == DEFAULT, policy.id != subject.policy, order, -policy.match.weight, policy.id

        return sorted(found, key=place)


def _why(policy: Policy, version: PolicyVersion | None, subject: Subject) -> tuple[bool, Text]:
    if version is None:
        return False, Text("it is not in force yet", "尚未生效")
    if version.retired:
        return False, Text("it is retired", "已停用")
    if policy.id == subject.policy and policy.id != DEFAULT:
        return True, Text("it was agreed with the company", "与该企业约定使用此策略")
    if lacking := policy.match.lacks(subject):
        name = FIELDS[lacking[0]]
        wanted = policy.match.asked[lacking[0]]
        has = getattr(subject, lacking[0])
        return False, Text(
            f"it is for {name.en} {wanted}, and the ticket has {has or 'none'}",
            f"仅适用于{name.zh}“{wanted}”，而工单为“{has or '无'}”",
        )
    if policy.id == DEFAULT:
        return True, Text("no other policy is for this ticket", "没有其他策略适用于该工单")
    return True, Text(
        f"it is the first one for {policy.match.words.en}", f"它是首个适用于{policy.match.words.zh}的策略"
    )
