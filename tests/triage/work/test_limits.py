"""How much a work item may become."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.triage.consultations import domain as consultations
from services.triage.diagnosis import log_analysis
from services.triage.logs.analysis import Analysis
from services.triage.work import facts, knowledge, remote_sessions, solutions, third_parties, worklog
from services.triage.work.domain import (
    MAX_BYTES,
    MAX_ENTRIES,
    WorkItemTooLarge,
    WorklogFull,
)
from services.triage.work.values import MAX_EXCERPT, Activity
from shared.events import Event, SlaConsultationDue, Suggestion, TicketConsentGiven
from shared.events.triage_work import ConfigChange
from shared.stack_traces import Trace
from shared.store import EVENT_BYTES
from shared.testing import NOON
from tests.triage.builders import (
    BY_CHEN,
    BY_LEAD,
    TICKET,
    at_work,
    searched,
    stored,
    tried,
)

APPROVED = ["ToDesk"]


def test_a_full_worklog_takes_no_more_from_people_but_all_facts() -> None:
    item = at_work()
    item.worklog = item.worklog[:1] * MAX_ENTRIES
    with pytest.raises(WorklogFull):
        worklog.add_note(item, BY_CHEN, "x", NOON)
    facts.consultation_due(item, SlaConsultationDue(subject=TICKET, time=NOON, due_at=NOON))
    assert len(item.worklog) == MAX_ENTRIES + 1


@pytest.mark.parametrize("sign", ["x", "错", "😀", "\u0001"])
def test_what_is_written_down_has_a_bound_in_bytes(sign: str) -> None:
    item, long = searched(at_work()), sign * 20_000

    def go_on() -> None:
        for n in range(MAX_ENTRIES):
            solutions.propose(item, BY_CHEN, long, long, "", NOON + timedelta(seconds=n))
            stored(item)

    with pytest.raises(WorkItemTooLarge):
        go_on()
    assert MAX_BYTES < len(item.model_dump_json().encode()) < 2 * MAX_BYTES


@pytest.mark.parametrize("sign", ["错", "😀", "\u0001"])
def test_the_longest_of_every_activity_fits_into_an_event(sign: str) -> None:
    long, line, now = sign * 20_000, sign * 200, NOON
    item = at_work()
    given = TicketConsentGiven(
        subject=TICKET, time=NOON, revision=2, consent="c1", scope="", given_by="王敏", words=long
    )
    facts.consent_given(item, given)
    told: list[Event] = []

    def do(events: list[Event]) -> None:
        told.extend(events)
        stored(item)

    do(remote_sessions.start(item, BY_CHEN, "ToDesk", line, APPROVED, now))
    changed = [ConfigChange(what=line, before=line, after=line, kept_because=line)] * 50
    do(remote_sessions.end(item, BY_CHEN, "s1", [line] * 100, long, line, now, "0" * 64, changed))
    found = [Trace("java", f"{n}.Error", sign * 60_000, [line] * 200) for n in range(50)]
    analysis = Analysis(2026)
    for n in range(60):
        analysis.feed(
            "".join(f"2026-03-{day:02d} ERROR {sign * 900}{'甲乙丙丁'[n % 4] * n} {sign * n}\n" for day in (1, 2))
        )
    many = replace(analysis.finish(), traces=found)
    do(log_analysis.analyse(item, BY_CHEN, "a1", many, [[line] * 5] * len(many.groups), [], long, line, now))
    do(consultations.prepare(item, BY_LEAD, consultations.Plan(long, long, long, [line] * 50), now))
    do(consultations.conclude(item, BY_LEAD, long, [line] * 50, now))
    do(third_parties.engage(item, BY_CHEN, third_parties.Request(line, long), now))
    do(third_parties.record_reply(item, BY_CHEN, line, long, now))
    item = at_work()  # one alone has no room for all of that
    do(worklog.try_step(item, BY_CHEN, line, long, long, 20, now))
    like = [Suggestion(article=line, title=line, score=1.0)] * 10
    do(knowledge.search(item, BY_CHEN, long, like, now))
    do(knowledge.begin_deep_analysis(item, BY_CHEN, long, [line + str(n) for n in range(20)], now))
    do(solutions.propose(item, BY_CHEN, long, long, line, now))
    do(solutions.verify(item, BY_CHEN, *tried(long, long), True, now))
    assert max(len(event.to_wire()) for event in told) < EVENT_BYTES


def test_what_others_said_is_an_excerpt_in_the_worklog_and_whole_where_they_said_it() -> None:
    item = at_work()
    words = "同意" * 10_000
    given = {"consent": "c1", "scope": "远程", "given_by": "王敏", "words": words}
    facts.consent_given(item, TicketConsentGiven(subject=TICKET, time=NOON, revision=2, **given))
    [entry] = [one for one in item.worklog if one.did is Activity.CONSENT_GIVEN]
    assert entry.text.endswith("…")
    assert len(entry.text.encode()) <= MAX_EXCERPT + 3
