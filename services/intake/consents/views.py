"""What people send about consents."""

from typing import Literal

from shared.http import Body, example
from shared.terms import Id, Line, Moment, OptionalLine, OptionalParagraph


class NewConsent(Body):
    model_config = example(
        scope="Remote desktop, this ticket only",
        tool="ToDesk",
        purpose="Look at the export settings",
        words="Please connect this afternoon",
        expires_at="2026-03-02T18:00:00+08:00",
    )

    scope: Line
    """What is allowed"""
    tool: OptionalLine = ""
    """The only tool that may be used; empty: any approved one"""
    purpose: OptionalLine = ""
    """What it is for"""
    words: OptionalParagraph = ""
    """In the customer's own words; needed where no message is named"""
    message: Id | Literal[""] = ""
    """The customer's message on this ticket in which it was given"""
    given_by: OptionalLine = ""
    """Who allowed it, where staff write it down; else it is whoever sends it"""
    expires_at: Moment | None = None
    """From when on it no longer holds; null: until it is revoked"""
