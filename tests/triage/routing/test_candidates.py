"""Whom a ticket goes to, and what is told of it."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

import pytest

from services.triage.routing.candidates import AssignmentRule, choose_dispatched, choose_urgent
from services.triage.routing.domain import Engineer, Level
from services.triage.routing.duty import OnCall, Shifts
from services.triage.routing.skills import Skill, SkillKind, level_for, skill_of
from services.triage.work.domain import WorkItem
from shared.events import MAX_CANDIDATES
from shared.terms import InvalidValue
from shared.testing import NOON
from tests.triage.builders import CRASH, OUTAGE, TICKET, an_item

NEVER_ON_SHIFT = Shifts(weekly=[[]] * 7)
CALL = [OnCall(start=NOON - timedelta(hours=1), end=NOON + timedelta(hours=1))]


def one(sub: str, held: int = 0, **more: Any) -> Engineer:
    more = {"available": True, **more}
    return Engineer(id=sub, name=sub, held={f"TK-{sub}-{n}": 2 for n in range(held)}, **more)


def senior(sub: str, held: int = 0, **more: Any) -> Engineer:
    return one(sub, held, level=Level.SENIOR, **more)


def chosen(roster: Sequence[Engineer], item: WorkItem, but_not: Collection[str] = (), lead: str = "l") -> Any:
    found = choose_urgent(item, lead, but_not, roster, NOON)
    return (found.engineer.id, found.choice.rule) if found else None


SENIOR, ON_CALL, LEAD, ANY = (
    AssignmentRule.SENIOR,
    AssignmentRule.ON_CALL,
    AssignmentRule.TEAM_LEAD,
    AssignmentRule.ANY_SENIOR,
)


@pytest.mark.parametrize(
    ("roster", "expected"),
    [
        ([], None),
        ([one("e")], None),
        ([senior("a", 2), senior("b", 1)], ("b", SENIOR)),
        ([senior("a", 2, weight=4.0), senior("b", 1)], ("a", SENIOR)),
        (
            [senior("a", 1, last_assigned_at=NOON), senior("b", 1, last_assigned_at=NOON - timedelta(hours=1))],
            ("b", SENIOR),
        ),
        ([senior("a", 0, skills=["data"]), senior("b", 1, skills=["function"])], ("b", SENIOR)),
        ([senior("a", 1, capacity=1), senior("b", 5)], ("b", SENIOR)),
        ([senior("a", 1, capacity=1)], None),
        ([senior("a", available=False)], None),
        ([senior("a", shifts=NEVER_ON_SHIFT), one("c", on_call=CALL, available=False)], ("c", ON_CALL)),
        ([one("c", shifts=NEVER_ON_SHIFT, on_call=CALL), one("l")], ("c", ON_CALL)),
        ([senior("a", skills=["data"]), one("l")], ("l", LEAD)),
        ([senior("a", skills=["data"]), one("l", shifts=NEVER_ON_SHIFT)], ("a", ANY)),
        ([senior("a", teams=["dba"]), senior("b", 9)], ("a", SENIOR)),
        ([senior("a", active=False), senior("b", 9)], ("b", SENIOR)),
        (
            [senior("a"), Engineer(id="b", level=Level.SENIOR, available=True, held={"TK-1": 2, TICKET: 2})],
            ("b", SENIOR),
        ),
    ],
)
def test_an_urgent_ticket_goes_to_the_first_that_a_rule_finds(roster: list[Engineer], expected: Any) -> None:
    roster = [engineer for engineer in roster if engineer.active]
    assert chosen(roster, an_item(OUTAGE)) == expected


def test_a_ticket_of_a_team_goes_to_nobody_of_another() -> None:
    item = an_item(OUTAGE)
    item.team = "dba"
    assert chosen([senior("a", teams=["erp"]), senior("b", 9, teams=["dba"])], item) == ("b", SENIOR)


def test_who_had_it_is_passed_by() -> None:
    assert chosen([senior("a"), senior("b", 3)], an_item(OUTAGE), {"a"}) == ("b", SENIOR)


def test_candidates_are_told_with_their_scores_the_best_first_and_no_more_than_there_is_room_for() -> None:
    crowd = [senior(f"e-{n:02}{'x' * 251}", n % 5) for n in range(40)]
    found = choose_urgent(an_item(OUTAGE), "", (), crowd, NOON)
    assert found
    told = found.choice.candidates
    assert (len(told), found.choice.considered, told[0].engineer) == (MAX_CANDIDATES, 40, found.engineer.id)
    assert [one.score for one in told] == sorted((one.score for one in told), reverse=True)
    assert sum(len(one.model_dump_json()) for one in told) < 20_000


def test_whom_a_ticket_is_dispatched_to() -> None:
    item = an_item(CRASH)
    roster = [one("a", 2), one("b", 1, capacity=1), one("c", available=False), one("d", skills=["data"]), one("f", 3)]
    found = choose_dispatched(item, roster, NOON)
    assert found
    assert (found.engineer.id, [one.engineer for one in found.choice.candidates]) == ("a", ["a", "f"])


def test_who_gave_it_back_gets_it_again_only_where_nobody_else_can_do_it() -> None:
    item = an_item(CRASH)
    item.last_assignee = "a"
    busy = one("b", 1, capacity=1)
    assert choose_dispatched(item, [one("a"), busy], NOON) is None
    alone = choose_dispatched(item, [one("a"), one("d", skills=["data"])], NOON)
    assert alone
    assert alone.engineer.id == "a"


@pytest.mark.parametrize(
    ("skills", "level"),
    [
        ([], 3),
        (["Function"], 3),
        (["交易系统"], 3),
        (["module:下单:5", "category:function:2"], 5),
        (["data", "报表中心"], 0),
        (["product:function"], 0),
    ],
)
def test_skills_are_categories_products_or_modules(skills: list[str], level: int) -> None:
    assert level_for([skill_of(skill) for skill in skills], "function", "交易系统", "下单") == level


@pytest.mark.parametrize(
    ("text", "skill"),
    [
        ("data", Skill(kind=SkillKind.CATEGORY, name="data")),
        ("产品:ERP:5", Skill(kind=SkillKind.PRODUCT, name="ERP", level=5)),
        ("product:A:B", Skill(kind=SkillKind.PRODUCT, name="A:B")),
        ("http://x", Skill(kind=SkillKind.PRODUCT, name="http://x")),
    ],
)
def test_a_skill_is_read_from_a_text(text: str, skill: Skill) -> None:
    assert skill_of(text) == skill


@pytest.mark.parametrize("text", ["product::3", "product:ERP:9", "module:"])
def test_a_text_that_is_no_skill_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        skill_of(text)
