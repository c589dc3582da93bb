"""What staff see of calls."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from pydantic import Field

from services.intake.calls.domain import Call
from services.intake.directory.domain import Party
from shared.events import CallState
from shared.http import View

MOST_NAMED = 20


class CallerView(View):
    """A record that has the number."""

    id: str
    """Its id"""
    kind: str
    """company or person"""
    name: str
    """What it is called"""
    company: str = ""
    """The id of the person's company; empty for a company, and for a person without one"""


class CallView(View):
    """A call of the hotline."""

    id: str
    """Its id"""
    state: CallState
    """ringing, answered, ended or missed"""
    number: str
    """The other side's, as E.164; empty if it was withheld"""
    dialled: str
    """What was dialled, or the queue"""
    agent: str
    """Who took it: as the telephone system knows them, or a subject"""
    outbound: bool
    """Whether the desk called"""
    began_at: datetime
    """When it began"""
    answered_at: datetime | None
    """When it was answered; null if it was not, or nobody told"""
    ended_at: datetime | None
    """When it ended; null if it goes on, or nobody told"""
    recording_url: str
    """Where the recording is, if there is one"""
    notes: str
    """What was said, as it was written down"""
    recorded_by: str
    """Who wrote the call down, as a subject; empty if the telephone system told of it"""
    ticket: str
    """The ticket that it is about; empty if it is on none"""
    may_be: list[CallerView] = Field(default_factory=list)
    """Who it may be, by the desk's records: a number proves nothing, and offices share theirs"""

    @classmethod
    def of(cls, call: Call, known: Iterable[Party] = ()) -> Self:
        """`known` are records of which some may have its number."""
        may_be = [CallerView.model_validate(one) for one in known if call.number and call.number in one.phones]
        return cls.model_validate(call).model_copy(update={"may_be": may_be[:MOST_NAMED]})
