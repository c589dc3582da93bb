"""The quarterly case-sharing session: what it is about, when, who came, what was agreed."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import AwareDatetime, Field

from shared.domain import Aggregate, Conflict, NotFound, Value
from shared.events import Event, KbFollowUpDue, KbTrainingHeld, KbTrainingPlanned
from shared.events.sla_reviews import SlaTrainingProposed
from shared.terms import Term, Text

MOST_ON_AGENDA = 30
MOST_FOLLOW_UPS = 50


class SessionState(Term):
    PROPOSED = "proposed", "proposed", "待安排"
    PLANNED = "planned", "planned", "已安排"
    HELD = "held", "held", "已举行"


class AlreadyHeld(Conflict):
    title = Text("The session has been held", "分享会已举行")


class NotHeld(Conflict):
    title = Text("The session has not been held yet", "分享会尚未举行")


class AgendaItem(Value):
    """A ticket to talk about. `reasons` are terms of sla: why it was hard."""

    ticket: str
    reasons: list[str] = Field(default_factory=list)
    note: str = ""


class FollowUp(Value):
    number: int
    what: str
    owner: str
    due_at: AwareDatetime
    done_at: AwareDatetime | None = None
    done_by: str = ""
    result: str = ""
    reminded: bool = False


class Session(Aggregate):
    """One of a quarter. `proposed` is what sla has listed, newest list only; the agenda is people's once they have
    planned it."""

    quarter: str
    state: SessionState = SessionState.PROPOSED
    agenda: list[AgendaItem] = Field(default_factory=list)
    list_version: int = 0  # of sla's list
    planned_for: AwareDatetime | None = None
    place: str = ""
    attendees: list[str] = Field(default_factory=list)
    attended: list[str] = Field(default_factory=list)
    outcome: str = ""
    follow_ups: list[FollowUp] = Field(default_factory=list)
    due_at: AwareDatetime | None = None  # when the next follow-up is
    changed_at: AwareDatetime

    @classmethod
    def of_quarter(cls, quarter: str, now: datetime) -> "Session":
        return cls(id=session_id(quarter), quarter=quarter, changed_at=now)

    def propose(self, event: SlaTrainingProposed) -> list[Event]:
        """A fact: it is never refused, and never changes what people have planned."""
        if event.revision < self.list_version or self.state is not SessionState.PROPOSED:
            return []
        self.list_version, self.changed_at = event.revision, event.time
        hard = event.tickets[:MOST_ON_AGENDA]
        self.agenda = [AgendaItem(ticket=one.ticket, reasons=list(one.reasons)) for one in hard]
        return []

    def plan(
        self, agenda: Sequence[AgendaItem], at: datetime, place: str, attendees: Sequence[str], now: datetime
    ) -> list[Event]:
        """Raises AlreadyHeld."""
        if self.state is SessionState.HELD:
            raise AlreadyHeld(f"{self.id} has been held", f"{self.id} 已举行")
        known = {one.ticket: one.reasons for one in self.agenda}
        self.agenda = [one.model_copy(update={"reasons": one.reasons or known.get(one.ticket, [])}) for one in agenda]
        before = (self.planned_for, self.place, self.attendees)
        self.planned_for, self.place, self.attendees = at, place, list(attendees)
        self.state, self.changed_at = SessionState.PLANNED, now
        if before == (self.planned_for, self.place, self.attendees):
            return []
        what = {"quarter": self.quarter, "planned_for": at, "place": place, "attendees": self.attendees}
        return [KbTrainingPlanned(subject=self.id, time=now, **what)]

    def hold(self, attended: Sequence[str], outcome: str, follow_ups: Sequence[FollowUp], now: datetime) -> list[Event]:
        """Write down what came of it. Raises AlreadyHeld: later only follow-ups change."""
        if self.state is SessionState.HELD:
            raise AlreadyHeld(f"{self.id} has been held", f"{self.id} 已举行")
        self.state, self.changed_at = SessionState.HELD, now
        self.attended, self.outcome, self.follow_ups = list(attended), outcome, list(follow_ups)
        self._wait()
        return [
            KbTrainingHeld(
                subject=self.id, time=now, quarter=self.quarter, attended=self.attended, follow_ups=len(follow_ups)
            )
        ]

    def finish(self, number: int, result: str, by: str, now: datetime) -> list[Event]:
        """A follow-up is done. Raises NotFound, NotHeld."""
        if self.state is not SessionState.HELD:
            raise NotHeld(f"{self.id} has not been held yet", f"{self.id} 尚未举行")
        found = next((one for one in self.follow_ups if one.number == number), None)
        if found is None:
            raise NotFound.of(f"{self.id}/{number}")
        if found.done_at is None:
            found.done_at, found.done_by, found.result = now, by, result
            self.changed_at = now
            self._wait()
        return []

    def remind(self, now: datetime) -> list[Event]:
        """Of what should have been done by now, once each."""
        late = [one for one in self.follow_ups if one.done_at is None and not one.reminded and one.due_at <= now]
        for one in late:
            one.reminded = True
        self._wait()
        return [
            KbFollowUpDue(
                subject=self.id, time=now, quarter=self.quarter, what=one.what, owner=one.owner, due_at=one.due_at
            )
            for one in late
        ]

    def _wait(self) -> None:
        waiting = [one.due_at for one in self.follow_ups if one.done_at is None and not one.reminded]
        self.due_at = min(waiting, default=None)


def session_id(quarter: str) -> str:
    return f"TS-{quarter}"
