"""No way leads round the double verification: whatever is done to a ticket in whichever order, it is solved only by a
round that passed internally and that its customer said yes to. A model keeps account of its own, of what was put in."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from services.intake.attachments.domain import attach
from services.intake.conversation import domain as conversation
from services.intake.links import domain as links
from services.intake.tickets import closing, facts, reminders
from services.intake.tickets.domain import Ticket
from services.intake.tickets.values import Attachment, PhoneVerification
from services.intake.verification import phone
from services.intake.verification.domain import review_solution
from shared.domain import Refusal
from shared.events import Event, TicketCompleted
from shared.links import Link
from shared.terms import Channel, Outcome, Satisfaction, Stage
from shared.testing import NOON
from tests.intake.samples import LIN, NUMBER, WANG, assigned, diagnosed, opened, released, verified

PEOPLE = st.sampled_from(["a-lin", "a-ren", "l-qian"])
ROUNDS = st.integers(1, 4)
RATINGS = st.sampled_from(list(Satisfaction))
YES_OR_NO = st.booleans()


class Ways(RuleBasedStateMachine):
    """`passed` and `agreed` are the rounds that triage said passed, and that the customer said yes to; `rated` is what
    they said of the service since, `done` whether a second plan was carried out, `reached` all stages it came to."""

    reached: ClassVar[set[Stage]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = NOON
        self.revision = 0
        self.ticket: Ticket
        self.passed: set[int] = set()
        self.agreed: set[int] = set()
        self.rated: Satisfaction | None = None
        self.done = False
        self.calls: dict[str, tuple[int, bool, str]] = {}

    @initialize(told=YES_OR_NO)
    def open(self, told: bool) -> None:
        self.ticket, _ = opened(**({"error_text": "NPE", "module": "报表", "steps": "点导出"} if told else {}))

    def did(self, act: Callable[[], list[Event]]) -> list[Event] | None:
        """None when it was refused."""
        before = self.ticket.model_copy(deep=True)
        try:
            events = act()
        except (Refusal, closing.MovedOn):
            self.ticket = before  # as the store does
            return None
        self.reached.add(self.ticket.stage)
        if self.ticket.round != before.round:
            self.rated, self.done = None, False
        for event in events:
            if isinstance(event, TicketCompleted) and event.outcome == Outcome.SOLVED:
                self.check_solved()
        return events

    # ---- what triage tells, in whichever order

    @rule(kind=st.sampled_from(["diagnosed", "assigned"]), stale=YES_OR_NO)
    def hear(self, kind: str, stale: bool) -> None:
        self.revision += 1
        revision = 1 if stale else self.revision
        self.did(lambda: facts.hear(self.ticket, diagnosed(revision) if kind == "diagnosed" else assigned(revision)))

    @rule()
    def nobody_has_it(self) -> None:
        self.revision += 1
        self.did(lambda: facts.hear(self.ticket, released(self.revision)))

    @rule(round=ROUNDS)
    def passes_internally(self, round: int) -> None:
        self.revision += 1
        if self.did(lambda: facts.hear(self.ticket, verified(round, self.revision))) is not None:
            self.passed.add(round)

    # ---- what the customer says

    @rule(accepted=YES_OR_NO, comment=st.sampled_from(["", "仍然崩溃"]))
    def says(self, accepted: bool, comment: str) -> None:
        round = self.ticket.round
        if self.did(lambda: review_solution(self.ticket, accepted, comment, self.now)) is not None and accepted:
            self.agreed.add(round)

    @rule(action=st.sampled_from(links.ACTIONS), round=ROUNDS, accepted=st.sampled_from([None, True, False]))
    def says_by_link(self, action: str, round: int, accepted: bool | None) -> None:
        link = Link(NUMBER, action, "u-wang", "王敏", "zh", f"n{self.revision}", round)
        said = links.Said("仍然崩溃", Satisfaction.NEUTRAL, accepted, {"module": "报表"})
        chosen = links.decided(link, accepted)

        def act() -> list[Event]:
            links.require_valid(self.ticket, chosen)
            return links.act(self.ticket, chosen, said, self.now)

        if self.did(act) is None:
            return
        if chosen.action == "accept_solution":
            self.agreed.add(round)
        if chosen.action == "give_feedback":
            self.rated = Satisfaction.NEUTRAL

    @rule(who=PEOPLE, accepted=YES_OR_NO)
    def is_written_down_on_the_telephone(self, who: str, accepted: bool) -> None:
        call = PhoneVerification(
            id=f"p{len(self.ticket.phone_verifications) + 1}",
            round=self.ticket.round,
            accepted=accepted,
            given_by="王敏",
            number="+8613800138000",
            words="好了",
            called_at=self.now,
            recorded_by=who,
            recorded_at=self.now,
        )
        if self.did(lambda: phone.record(self.ticket, call)) is not None:
            self.calls[call.id] = (call.round, accepted, who)

    @rule(who=PEOPLE, number=st.integers(1, 5))
    def is_confirmed(self, who: str, number: int) -> None:
        if self.did(lambda: phone.confirm(self.ticket, f"p{number}", who, self.now)) is not None:
            round, accepted, recorded_by = self.calls[f"p{number}"]
            assert recorded_by != who
            if accepted:
                self.agreed.add(round)

    @rule(rating=RATINGS)
    def rates(self, rating: Satisfaction) -> None:
        before = self.rated, self.done
        self.rated = rating
        self.done = self.done and rating is not Satisfaction.DISSATISFIED  # once more
        if self.did(lambda: closing.rate(self.ticket, rating, "", self.now)) is None:
            self.rated, self.done = before

    @rule(text=st.sampled_from(["好了，谢谢", "已解决，请关闭", "1. 报表"]), by_staff=YES_OR_NO, internal=YES_OR_NO)
    def writes(self, text: str, by_staff: bool, internal: bool) -> None:
        who = LIN if by_staff else WANG
        self.did(lambda: conversation.post(self.ticket, text, who, internal, Channel.EMAIL, self.now))

    @rule(by_staff=YES_OR_NO)
    def attaches(self, by_staff: bool) -> None:
        file = Attachment(
            id=f"f{self.revision}", name="a.log", size=1, media_type="", sha256="", added_by="x", at=self.now
        )
        self.did(lambda: attach(self.ticket, file, by_staff, self.now))

    # ---- what staff do, and time

    @rule(outcome=st.sampled_from(list(Outcome)))
    def is_closed(self, outcome: Outcome) -> None:
        other = "TK-2026-000009" if outcome == Outcome.DUPLICATE else ""
        self.did(lambda: closing.close(self.ticket, outcome, "原因", other, self.now))

    @rule()
    def is_completed(self) -> None:
        self.did(lambda: closing.complete(self.ticket, self.now))

    @rule()
    def is_called_back(self) -> None:
        self.did(lambda: closing.record_call_back(self.ticket, "沟通慢", "", "a-lin", self.now))

    @rule()
    def a_plan_is_agreed(self) -> None:
        self.did(lambda: closing.agree_second_plan(self.ticket, "每周回访", "a-lin", self.now))

    @rule()
    def the_plan_is_carried_out(self) -> None:
        before = self.done
        self.done = True
        if self.did(lambda: closing.carry_out_second_plan(self.ticket, "已回访", self.now)) is None:
            self.done = before

    @rule()
    def is_reopened(self) -> None:
        self.did(lambda: closing.reopen(self.ticket, "又崩溃", self.now))

    @rule(hours=st.sampled_from([1, 25, 24 * 8]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self.did(lambda: reminders.when_due(self.ticket, self.now))

    # ---- what holds

    def check_solved(self) -> None:
        assert self.ticket.round in self.passed & self.agreed
        if self.rated is Satisfaction.DISSATISFIED:
            assert self.done

    @invariant()
    def what_counts_as_solved_was_verified_twice(self) -> None:
        ticket = self.ticket
        is_solved = ticket.stage is Stage.FEEDBACK or (
            ticket.stage is Stage.ARCHIVED and ticket.outcome == Outcome.SOLVED
        )
        if is_solved or ticket.resolved_at:
            assert ticket.round in self.passed & self.agreed
        assert {one.round for one in ticket.rounds if one.accepted} <= self.agreed

    @invariant()
    def silence_is_no_rating(self) -> None:
        assert self.ticket.satisfaction is None or self.ticket.satisfaction is self.rated


def test_no_way_leads_round_the_double_verification() -> None:
    Ways.reached.clear()
    run_state_machine_as_test(Ways, settings=settings(max_examples=80, stateful_step_count=60))
    assert Ways.reached >= set(Stage) - {Stage.CONSULTATION}  # it came everywhere


def test_that_the_model_finds_a_way_round_that_is_opened() -> None:
    """It would not be worth much if it were content with anything."""
    model = Ways()
    model.open(True)
    model.hear("diagnosed", False)
    model.ticket.resolved_at = NOON
    model.ticket.update_stage("by hand", NOON)
    try:
        model.what_counts_as_solved_was_verified_twice()
    except AssertionError:
        return
    raise AssertionError("a ticket that nobody verified passed for solved")
