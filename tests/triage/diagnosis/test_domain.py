"""What is decided about category and priority."""

from services.triage.diagnosis import domain as diagnosing
from services.triage.diagnosis.classifier import classify
from shared.events import (
    Event,
    TriageDiagnosisConfirmed,
    TriageReclassified,
)
from shared.terms import Category, Priority
from shared.testing import NOON
from tests.triage.builders import (
    BY_CHEN,
    OUTAGE,
    QUESTION,
    an_item,
    at_work,
    done,
    problem,
)


def kinds(events: list[Event]) -> list[type[Event]]:
    return [type(event) for event in events]


def test_better_evidence_changes_and_confirms_a_doubtful_diagnosis() -> None:
    item = an_item(problem("你好"))
    more = problem("报表导出失败", "点击导出按钮没反应，页面报错")
    [changed, confirmed] = diagnosing.rediagnose(item, classify(more), NOON)
    assert isinstance(changed, TriageReclassified)
    assert changed.confirmed
    assert isinstance(confirmed, TriageDiagnosisConfirmed)
    assert diagnosing.rediagnose(item, classify(more), NOON) == []


def test_a_doubtful_change_says_that_it_is_doubtful() -> None:
    item = an_item(problem("你好"))
    [changed] = diagnosing.rediagnose(item, classify(problem("崩溃", "Win11 安装")), NOON)
    assert isinstance(changed, TriageReclassified)
    assert not changed.confirmed


def test_a_confirmed_priority_only_rises() -> None:
    item = at_work()
    assert diagnosing.rediagnose(item, classify(QUESTION), NOON) == []
    assert item.priority is Priority.HIGH
    assert kinds(diagnosing.rediagnose(item, classify(OUTAGE), NOON)) == [TriageReclassified]
    assert (item.priority, item.category) == (Priority.URGENT, Category.FUNCTION)


def test_the_same_classification_by_a_person_only_confirms() -> None:
    item = an_item(problem("你好"))
    events = diagnosing.classify(item, item.category, item.priority, "看过了", BY_CHEN, NOON)
    assert kinds(events) == [TriageDiagnosisConfirmed]


def test_a_completed_item_is_not_diagnosed_again() -> None:
    item = done(at_work())
    assert diagnosing.rediagnose(item, classify(OUTAGE), NOON) == []
    assert item.priority is Priority.HIGH
