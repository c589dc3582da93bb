"""Who of the engineers gets a ticket that nobody claimed, and why: rules, one after the other, and a score (P2.4)."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.triage.routing.domain import Engineer
from services.triage.work.domain import WorkItem
from shared.events import MAX_CANDIDATES, Candidate
from shared.terms import Term

Roster = Sequence[Engineer]  # everybody who is active
NEVER = datetime(2000, 1, 1, tzinfo=UTC)
PER_SKILL = 0.1  # of a score, for each level of skill: less than one ticket more or less


class AssignmentRule(Term):
    """By which somebody has a ticket."""

    SENIOR = "senior", "available senior engineer with the skill", "具备技能的在班资深工程师"
    ON_CALL = "on_call", "on call", "值班人员"
    TEAM_LEAD = "team_lead", "lead of the team", "团队负责人"
    ANY_SENIOR = "any_senior", "available senior engineer without the skill", "在班资深工程师（无对应技能）"
    DISPATCHED = "dispatched", "dispatched from the queue", "按队列分派"
    NEXT = "next", "next in the queue", "按队列领取"
    CLAIMED = "claimed", "claimed by name", "指定领取"
    BY_LEAD = "by_lead", "assigned by a lead", "由负责人分派"
    TRANSFERRED = "transferred", "transferred", "转交"
    RETURNED = "returned", "returned after reopening", "重新打开后退回原处理人"
    HANDED_OVER = "handed_over", "handed over", "离岗交接"


@dataclass(frozen=True)
class Choice:
    """By which rule, and who was considered, the best first."""

    rule: AssignmentRule
    candidates: tuple[Candidate, ...] = ()
    considered: int = 0


@dataclass(frozen=True)
class Chosen:
    engineer: Engineer
    choice: Choice


def score(engineer: Engineer, item: WorkItem) -> float:
    """The higher the better: few open tickets for their weight, then skill."""
    problem = item.problem
    skill = engineer.skill_for(item.category.value, problem.product, problem.module)
    return round(PER_SKILL * skill - len(engineer.held.keys() - {item.id}) / engineer.weight, 3)


def ranked(engineers: Iterable[Engineer], item: WorkItem) -> list[Engineer]:
    """The best first: who has capacity reserved for it already, then by score, then who has gone longest without a
    new one."""

    def key(one: Engineer) -> tuple[bool, float, datetime, str]:
        return item.id not in one.held, -score(one, item), one.last_assigned_at or NEVER, one.id

    return sorted(engineers, key=key)


def choose_urgent(item: WorkItem, lead: str, but_not: Collection[str], roster: Roster, now: datetime) -> Chosen | None:
    """Whoever the first rule finds that finds somebody; None: nobody may take it. `lead` of its team."""

    def is_there(one: Engineer) -> bool:
        return one.available and one.is_on_shift(now)

    rules: tuple[tuple[AssignmentRule, Callable[[Engineer], bool]], ...] = (
        (AssignmentRule.SENIOR, lambda one: one.is_senior and is_there(one) and _has_skill(one, item)),
        (AssignmentRule.ON_CALL, lambda one: one.is_on_call(now)),
        (AssignmentRule.TEAM_LEAD, lambda one: one.id == lead and is_there(one)),
        (AssignmentRule.ANY_SENIOR, lambda one: one.is_senior and is_there(one)),
    )
    able = [one for one in roster if one.id not in but_not and one.is_in(item.team) and _has_room(one, item)]
    for rule, applies in rules:
        if found := ranked((one for one in able if applies(one)), item):
            return Chosen(found[0], choice_of(rule, found, item))
    return None


def choose_dispatched(item: WorkItem, roster: Roster, now: datetime) -> Chosen | None:
    """Of those on shift who say that they take tickets, and have skill and room. Who gave it back last does not get it
    again while there is anybody else in the team who can do it."""
    able = [one for one in roster if one.is_in(item.team) and _has_skill(one, item)]
    others = [one for one in able if one.id != item.last_assignee] or able
    found = ranked((one for one in others if one.available and one.is_on_shift(now) and _has_room(one, item)), item)
    return Chosen(found[0], choice_of(AssignmentRule.DISPATCHED, found, item)) if found else None


def choice_of(rule: AssignmentRule, found: Sequence[Engineer], item: WorkItem) -> Choice:
    """`found`, the best first."""
    shown = (
        Candidate(engineer=one.id, score=score(one, item), open=len(one.held.keys() - {item.id}))
        for one in found[:MAX_CANDIDATES]
    )
    return Choice(rule, tuple(shown), len(found))


def fits(one: Engineer, row: Mapping[str, Any]) -> bool:
    """Whether a row of the queue is of a team of theirs, and they have the skill."""
    product, module = row["problem"].get("product", ""), row["problem"].get("module", "")
    return one.is_in(row.get("team") or "") and one.skill_for(row["category"], product, module) > 0


def _has_room(one: Engineer, item: WorkItem) -> bool:
    return item.id in one.held or not one.is_full


def _has_skill(one: Engineer, item: WorkItem) -> bool:
    return one.skill_for(item.category.value, item.problem.product, item.problem.module) > 0
