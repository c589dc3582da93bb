"""What a clock says of itself: its segments add up, and the words say so in both languages."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.sla.clocks.clock import Clock
from services.sla.clocks.explanation import duration, explain
from services.sla.clocks.ledger import SegmentKind
from services.sla.clocks.rules import Rules
from services.sla.clocks.views import rule_of
from shared.terms import ClockKind, Priority, Text, WaitingFor
from shared.testing import NOON
from tests.sla.builders import Listener, a_listener, message, reclassified, resumed, waiting
from tests.sla.clocks.histories import TicketHistory
from tests.sla.clocks.test_any_order import END, heard, histories, some_rules

HOUR = timedelta(hours=1)
INFORMATION = WaitingFor.CUSTOMER_INFORMATION


def check_sums(history: TicketHistory, rules: Rules, data: st.DataObject) -> None:
    """Heard in any order, some of it twice: no ledger has a hole, and each sums up to what has elapsed, counted anew
    segment by segment."""
    again = data.draw(st.lists(st.sampled_from(history.told), max_size=5))
    listener = heard(data.draw(st.permutations([*history.told, *again])), rules=rules)
    for kind, clock in listener.ticket.all_clocks:
        total = 0
        rule = rule_of(listener.ticket, clock, rules)
        for segment, following in zip(clock.ledger, [*clock.ledger[1:], None], strict=True):
            end = segment.end or END
            assert following is None or segment.end == following.start
            if segment.kind is SegmentKind.RUN:
                wall = max((end - segment.start) // timedelta(milliseconds=1), 0)
                total += rule.hours.between(segment.start, end) if segment.business_time else wall
        assert clock.elapsed(END, rule.hours) == total
        words = explain(kind, clock, END, rule)
        assert all(one.en.endswith(".") and one.zh.endswith("。") for one in words)
        assert words[-2].en.startswith(f"Together {duration(total).en}")


@given(history=histories(), rules=some_rules, data=st.data())
def test_whatever_happened_the_ledger_adds_up_and_is_explained(
    history: TicketHistory, rules: Rules, data: st.DataObject
) -> None:
    check_sums(history, rules, data)


def words_of(listener: Listener, kind: ClockKind, now: datetime) -> list[Text]:
    clock: Clock = listener.clock(kind)
    return explain(kind, clock, now, rule_of(listener.ticket, clock, listener.rules))


def test_it_tells_who_paused_it_and_why_and_what_is_left() -> None:
    listener = a_listener(Priority.HIGH)
    listener.receive(
        waiting(INFORMATION, NOON + 2 * HOUR, revision=2, actor="e-chen"),
        resumed(INFORMATION, NOON + 3 * HOUR, revision=3, actor="u-wang"),
        reclassified(Priority.URGENT, NOON + 4 * HOUR, revision=2, actor="e-chen"),
    )
    said = words_of(listener, ClockKind.RESOLUTION, NOON + 5 * HOUR)
    assert [one.en for one in said] == [
        "The target is 4 h by the wall clock (policy default, version 1).",
        "2026-03-02 12:00:00 to 2026-03-02 12:00:00: ran 0 s of working time (the ticket was opened).",
        "2026-03-02 12:00:00: what had run was carried over to the new target (priority changed).",
        "2026-03-02 12:00:00 to 2026-03-02 14:00:00: ran 30 min of working time (priority changed).",
        "2026-03-02 14:00:00 to 2026-03-02 15:00:00: paused for 1 h "
        "(waiting for information from the customer, by e-chen).",
        "2026-03-02 15:00:00 to 2026-03-02 16:00:00: ran 1 h of working time (resumed, by u-wang).",
        "2026-03-02 16:00:00: what had run was carried over to the new target (priority changed, by e-chen).",
        "since 2026-03-02 16:00:00: ran 1 h (priority changed, by e-chen).",
        "Together 2 h 30 min of 4 h (62 %).",
        "It is due at 2026-03-02 18:30:00.",
    ]
    assert said[4].zh == "2026-03-02 14:00:00 至 2026-03-02 15:00:00：暂停 1 小时（等待客户补充信息，e-chen）。"


def test_a_clock_that_has_no_target_says_that_it_is_not_judged() -> None:
    listener = a_listener(Priority.NORMAL)
    listener.receive(message(NOON, revision=2), message(NOON + HOUR, by_staff=False, revision=3))
    said = words_of(listener, ClockKind.NEXT_RESPONSE, NOON + 2 * HOUR)
    assert said[1].en == "since 2026-03-02 13:00:00: ran 1 h (the customer wrote)."
    assert [one.zh for one in said[-2:]] == ["合计 1 小时。", "不考核。"]
