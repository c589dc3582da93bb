"""What people send about consents."""

from shared.http import Body, example
from shared.terms import Line, Moment, OptionalLine, Paragraph


class NewConsent(Body):
    model_config = example(
        scope="Remote desktop, this ticket only",
        words="Please connect this afternoon",
        expires_at="2026-03-02T18:00:00+08:00",
    )

    scope: Line
    """What is allowed"""
    words: Paragraph
    """In the customer's own words"""
    given_by: OptionalLine = ""
    """Who allowed it, where staff write it down; else it is whoever sends it"""
    expires_at: Moment | None = None
    """From when on it no longer holds; null: until it is revoked"""
