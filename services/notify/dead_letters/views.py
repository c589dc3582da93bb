"""What people see of a dead letter."""

from datetime import datetime

from shared.http import View


class DeadLetterView(View):
    """An event that a service could not handle, or that the bus would not take."""

    sequence: int
    """Its number among the dead letters"""
    event_sequence: int
    """Its number in the stream of events; 0 if the bus never took it"""
    service: str
    """Whose it is"""
    subject: str
    """On the bus"""
    error: str
    """Why it could not be handled"""
    tries: int
    """How often it was tried"""
    dead_lettered_at: datetime
    """When it was given up"""
    size: int
    """In bytes"""


class DeadLetterDetail(DeadLetterView):
    """With what it says: that may be a customer's own words, so lists do not have it."""

    body: str
    """What it says, cut to 65,536 characters"""
