"""The clocks of one ticket: the facts received about it, what follows from them, and what of that was published.

Events may arrive late, twice and in any order. So the facts are kept, and when one arrives that is not the newest all
are replayed: whatever the order of arrival was, the outcome is the same.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, ConfigDict, Field, model_validator

from services.sla.calendars.working_time import epoch_ms
from services.sla.clocks.announcements import Announcer, ClockStatus, Published, statuses, topic_of, topic_of_rung
from services.sla.clocks.clock import Clock, ClockState, Standing
from services.sla.clocks.facts import Fact
from services.sla.clocks.old_documents import with_facts
from services.sla.clocks.received_facts import MAX_FACTS, Placed, ReceivedFacts
from services.sla.clocks.rules import ApplicablePolicy, Rules
from services.sla.clocks.timeline import Timeline
from shared.domain import Aggregate
from shared.events import Event
from shared.terms import EARLIEST, ClockKind, Text

OTHERS_TIME = (ClockKind.THIRD_PARTY, ClockKind.VERIFICATION_WAIT)  # no deadline of ours


class OutdatedRules(Exception):
    """The ticket was counted by other rules than those given, which may be the older ones."""


class TicketClocks(Aggregate, ReceivedFacts, Timeline):
    """`opened_at` is None until the opening is received; until then nothing follows from the facts.

    `due_at` is when a clock warns or is breached next, `deadline` when the first of ours that runs is, or was, due,
    `provisional` that this may move. `disputed`: another ticket was opened under its number, nobody knows any more
    whose the facts are, nothing is published about its clocks and they count nowhere. `heard_until` is the moment of
    the last fact. The clocks are counted by the policy as of `policy_revision`, and by the calendar as it is
    since `calendar_since`. `last_published` is by topic, and `standing`
    sorts the list of warnings that stand; None where there is none. Aliases are the stored names.
    """

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True)

    policy: str = ""
    policy_revision: int = Field(0, alias="promise")
    calendar: str = ""
    calendar_since: AwareDatetime = EARLIEST
    last_published: dict[str, Published] = Field(default_factory=dict, alias="told")
    heard_until: AwareDatetime = EARLIEST
    open: bool = False
    due_at: AwareDatetime | None = None
    deadline: AwareDatetime | None = None
    deadline_of: ClockKind | None = None
    provisional: bool = False
    late: bool = False
    standing: str | None = None
    disputed: bool = False

    @model_validator(mode="before")
    @classmethod
    def _of_an_older_release(cls, doc: Any) -> Any:
        return with_facts(doc) if isinstance(doc, dict) else doc

    # ---- what happens

    def record(self, fact: Fact, rules: Rules, is_current: bool = True, silent: bool = False) -> list[Event]:
        """Returns what is new by it, `silent` nothing, as when it was published before. Raises OutdatedRules unless the
        rules are known to be the current ones."""
        known = [one.event for one in self.facts]
        if self.disputed or not self.add(fact) or self.opened_as is None:
            return []
        before, open_before = statuses(self.clocks), [one for one in self.clocks.items() if one[1].is_open]
        policy = rules.policy(*self.opened_as)
        is_counted_so = self._is_counted_by(policy, rules, is_current)
        placed = self.in_order()
        is_behind = bool(placed) and not self.has_run_on_since(placed[-1][0])
        if is_counted_so and is_behind and [one.event for one in self.facts] == [*known, fact.event]:
            self.apply(fact, placed[-1][0], policy)
            still_open = [one for one in self.clocks.items() if one[1].is_open]
            self._count([*open_before, *still_open], policy, rules)
        else:
            self._replay(placed, policy, rules)
        if len(self.facts) > MAX_FACTS:
            self.compact(placed, policy)
        self.heard_until = placed[-1][0] if placed else fact.at
        return self._announce(before, self.heard_until, silent, policy)

    def check_due(self, now: datetime, rules: Rules, is_current: bool = True, silent: bool = False) -> list[Event]:
        """Returns what has come due, by the rules as they are now; otherwise as `record`."""
        if self.disputed or self.opened_as is None:
            return []
        before, policy = statuses(self.clocks), rules.policy(*self.opened_as)
        if not self._is_counted_by(policy, rules, is_current):
            self._replay(self.in_order(), policy, rules)
        return self._announce(before, now, silent, policy)

    def dispute(self) -> list[Event]:
        self.disputed, self.open, self.late, self.provisional = True, False, False, False
        self.due_at = self.deadline = self.deadline_of = self.standing = None
        return []

    def forget(self) -> list[Event]:
        """Who did what, where the ticket was of a person that is taken out of all that is kept."""
        ReceivedFacts.forget_people(self)
        Timeline.forget_people(self)
        return []

    def restore_published(self, event: Event) -> list[Event]:
        """We published this once. Of several about one topic the one with the greatest revision was the last."""
        if self.disputed:
            return []
        topic, what = topic_of(event)
        published, known = Published(revision=event.revision, at=event.time, what=what), self.last_published.get(topic)
        if known is None or (known.revision, known.at) < (published.revision, published.at):
            self.last_published = dict(sorted({**self.last_published, topic: published}.items()))
        return self._announce(statuses(self.clocks), event.time, silent=True)

    # ---- what is asked

    def replayed(self, rules: Rules, until: datetime) -> "TicketClocks":
        """As it would stand at that moment by these rules: a copy, of which nothing is published."""
        copy = self.model_copy(deep=True)
        if copy.opened_as:
            copy._replay(copy.in_order(), rules.policy(*copy.opened_as), rules)
            for _, clock in copy.all_clocks:
                clock.mark(max(until, copy.heard_until))
        return copy

    def because(self, rules: Rules) -> Text:
        """Why it is this policy."""
        if self.opened_as is None:
            return Text("", "")
        return rules.policies.explain(*self.opened_as)[-1].sentence

    def running_out(self, until: datetime) -> list[ClockKind]:
        """Its running clocks that are, or were, due before that moment."""
        return [
            kind
            for kind, clock in self.clocks.items()
            if clock.state is ClockState.RUNNING and clock.due_at and clock.due_at <= until
        ]

    def published(self, kind: ClockKind, percent: int) -> Published | None:
        """When people were last told that so much of this clock's target has run."""
        return self.last_published.get(topic_of_rung(kind, percent))

    @property
    def warnings(self) -> list[tuple[ClockKind, Standing]]:
        """That stand, the worst first."""
        found = [(kind, what) for kind, clock in self.clocks.items() if (what := clock.standing)]
        return sorted(found, key=lambda one: self._place_of(*one))

    # ---- inside

    def _place_of(self, kind: ClockKind, what: Standing) -> str:
        """What is missed comes before what will be, then what was due first."""
        clock = self.clocks[kind]
        moment = clock.breached_at or clock.due_at or clock.begun_at
        return f"{list(Standing).index(what)} {epoch_ms(moment):015}"

    def _is_counted_by(self, policy: ApplicablePolicy, rules: Rules, is_current: bool) -> bool:
        if self.opened_at is None:
            return False
        by = (self.policy, self.policy_revision, self.calendar, self.calendar_since)
        now = (policy.id, policy.revision, policy.calendar, rules.calendar_since(policy.calendar, self._stopped_at))
        if by != now and not is_current:
            raise OutdatedRules
        return by == now and all(clock.rungs for clock in self.clocks.values() if clock.is_open and clock.target)

    @property
    def _stopped_at(self) -> datetime | None:
        """When the last of the clocks stopped; None while one is open."""
        moments = [clock.stopped_at for clock in self.clocks.values()]
        return max((at for at in moments if at), default=None) if all(moments) else None

    def _replay(self, placed: Placed, policy: ApplicablePolicy, rules: Rules) -> None:
        timeline = self.replay(placed, policy)
        for name in Timeline.model_fields:
            setattr(self, name, getattr(timeline, name))
        self._count(self.all_clocks, policy, rules)

    def _count(self, clocks: Iterable[tuple[ClockKind, Clock]], policy: ApplicablePolicy, rules: Rules) -> None:
        for kind, clock in clocks:
            ladder = [rung.percent for rung in policy.ladder(kind)]
            clock.count(rules.working_time(policy.calendar, clock.stopped_at), ladder)
        self.policy, self.policy_revision, self.calendar = policy.id, policy.revision, policy.calendar
        self.calendar_since = rules.calendar_since(policy.calendar, self._stopped_at)

    def _announce(
        self,
        before: Mapping[ClockKind, ClockStatus],
        at: datetime,
        silent: bool,
        policy: ApplicablePolicy | None = None,
    ) -> list[Event]:
        """Mark what has come to pass, return what of that is new, and schedule the next check. The deadline is
        published with the priority, before which nobody shows the ticket, and then whenever it changes."""
        seen_until = max(at, self.heard_until, *(published.at for published in self.last_published.values()))
        for _, clock in self.all_clocks:
            clock.mark(seen_until)
        self._schedule()
        announcer = Announcer(self.id, dict(self.last_published), self.version + 1, seen_until)
        if policy and not silent:
            for kind, clock in self.clocks.items():
                announcer.clock(kind, clock, before.get(kind), policy.ladder(kind))
            if call_back := self.clocks.get(ClockKind.CALL_BACK):
                announcer.call_back(call_back)
            if self.priority is not None:
                announcer.deadline(self.deadline_of, self.deadline, self.late, self.provisional)
        self.last_published = dict(sorted(announcer.published.items()))
        return announcer.events

    def _schedule(self) -> None:
        self.open = any(clock.is_open for clock in self.clocks.values())
        self.due_at = min((at for clock in self.clocks.values() if (at := clock.next_moment)), default=None)
        ours = {kind: clock for kind, clock in self.clocks.items() if kind not in OTHERS_TIME}
        running = {kind: clock for kind, clock in ours.items() if clock.state is ClockState.RUNNING}
        first = min(((clock.due_at, kind) for kind, clock in running.items() if clock.due_at), default=(None, None))
        self.deadline, self.deadline_of = first
        self.provisional = bool(self.deadline_of and running[self.deadline_of].provisional)
        self.late = any(clock.is_open and clock.breached_at for clock in ours.values())
        self.standing = next((self._place_of(*one) for one in self.warnings), None)
