"""What is told of files in quarantine, and how it is decided about them."""

from datetime import datetime

from pydantic import Field

from services.intake.attachments.scan import ScanState
from shared.http import Body, View, example
from shared.terms import Line


class QuarantinedView(View):
    """A file that nobody gets, or that somebody decided about."""

    file: str = Field(validation_alias="id")
    """Its id: that of the attachment, or of a mail's source"""
    ticket: str
    """The ticket that it was added to; empty for the source of a mail"""
    name: str
    """Its name"""
    size: int
    """In bytes"""
    state: ScanState
    """pending until the scanner has looked at it, infected, released or removed"""
    signature: str
    """What the scanner found"""
    tries: int
    """How often the scanner could not be reached"""
    came_at: datetime
    """When it came"""
    found_at: datetime | None
    """When the scanner found something; null if it has not"""
    decided_by: str
    """Who released or removed it, as a subject"""
    decided_at: datetime | None
    """When; null if nobody has"""
    reason: str
    """Why"""


class Decision(Body):
    model_config = example(reason="A false alarm: the file is our own installer")

    reason: Line
    """Why; it is kept"""
