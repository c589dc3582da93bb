"""What staff see of calls."""

from datetime import datetime
from typing import Self

from services.intake.calls.domain import Call
from shared.events import CallState
from shared.http import View


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

    @classmethod
    def of(cls, call: Call) -> Self:
        return cls.model_validate(call)
