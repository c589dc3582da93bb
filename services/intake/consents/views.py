"""What people send about consents."""

from shared.http import Body
from shared.terms import Line, Moment, OptionalLine, Paragraph


class NewConsent(Body):
    scope: Line
    words: Paragraph
    given_by: OptionalLine = ""
    expires_at: Moment | None = None
