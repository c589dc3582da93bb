"""What people send when a customer has tested a solution."""

from typing import Annotated

from pydantic import StringConstraints

from shared.http import Body
from shared.terms import Line, Moment, OptionalParagraph, Paragraph, YesOrNo


class SolutionReview(Body):
    accepted: YesOrNo
    comment: OptionalParagraph = ""


class NewPhoneVerification(Body):
    """What the customer said on the telephone: `given_by` is who it was, `number` the one they were called at or called
    from, `words` what they said."""

    accepted: YesOrNo
    given_by: Line
    number: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9][0-9 ()./-]{2,40}$")]
    words: Paragraph
    called_at: Moment | None = None
