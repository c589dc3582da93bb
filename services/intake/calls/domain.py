"""One call of the hotline. A telephone system tells of its states in any order and more than once: the state follows
from those that are known. Calls that no system told of are written down by whoever took them."""

import hashlib
from datetime import datetime

from pydantic import AwareDatetime

from shared.domain import Aggregate, Value
from shared.events import CallChanged, CallState, Event


class CallUpdate(Value):
    """What a telephone system tells: `call` is its name for the call, `number` the other side's as E.164, empty if it
    was withheld; `dialled` what was called, or the queue; `agent` who took it, as the system knows them. `at` is when
    it came into this state, `began_at` when the call began."""

    call: str
    state: CallState
    number: str = ""
    dialled: str = ""
    agent: str = ""
    outbound: bool = False
    recording_url: str = ""
    began_at: AwareDatetime
    at: AwareDatetime


class Call(Aggregate):
    """`account` is the telephone system in the settings, empty for a call that was written down. `recorded_by` is who
    did so. Of each state it keeps when it began; `told_at` is of the latest."""

    account: str = ""
    number: str
    dialled: str = ""
    agent: str = ""
    outbound: bool = False
    ringing_at: AwareDatetime | None = None
    answered_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    missed_at: AwareDatetime | None = None
    began_at: AwareDatetime
    told_at: AwareDatetime | None = None
    recording_url: str = ""
    notes: str = ""
    recorded_by: str = ""
    ticket: str = ""

    @property
    def state(self) -> CallState:
        """Whoever took it, took it, whomever else it rang for in vain."""
        if self.answered_at:
            return CallState.ENDED if self.ended_at else CallState.ANSWERED
        if self.missed_at:
            return CallState.MISSED
        return CallState.ENDED if self.ended_at else CallState.RINGING

    @classmethod
    def begin(cls, id: str, account: str, update: CallUpdate) -> "Call":
        """As yet without any state."""
        return cls(id=id, account=account, number=update.number, outbound=update.outbound, began_at=update.began_at)

    def hear(self, update: CallUpdate, now: datetime) -> list[Event]:
        before = self.model_dump()
        field = f"{update.state.value}_at"
        setattr(self, field, min(getattr(self, field) or update.at, update.at))
        self.began_at = min(self.began_at, update.began_at)
        is_newest = self.told_at is None or update.at >= self.told_at
        for name in ("number", "dialled", "agent", "recording_url"):
            if (told := getattr(update, name)) and (is_newest or not getattr(self, name)):
                setattr(self, name, told)
        self.told_at = update.at if is_newest else self.told_at
        return [self._changed(now)] if self.model_dump() != before else []

    def put_on(self, ticket: str, now: datetime) -> list[Event]:
        if ticket == self.ticket:
            return []
        self.ticket = ticket
        return [self._changed(now)]

    def written_down(self, now: datetime) -> list[Event]:
        """It is new, by hand."""
        return [self._changed(now)]

    def _changed(self, now: datetime) -> CallChanged:
        return CallChanged(
            subject=self.id,
            time=now,
            state=self.state,
            number=self.number,
            dialled=self.dialled,
            agent=self.agent,
            outbound=self.outbound,
            ticket=self.ticket,
        )


def call_id(account: str, call: str) -> str:
    named = "\n".join((account, call)).encode()
    return f"CALL-{hashlib.sha256(named).hexdigest()[:24]}"
