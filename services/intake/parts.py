"""What a ticket is made of: entries of the conversation, attachments, consents, the call-back."""

from pydantic import AwareDatetime

from shared.domain import Value
from shared.terms import Channel


class Message(Value):
    """One entry of the conversation: who said what, when, through which channel."""

    id: str
    author: str
    name: str
    by_staff: bool
    internal: bool = False
    channel: Channel
    at: AwareDatetime
    text: str


class Attachment(Value):
    id: str
    name: str
    size: int
    media_type: str
    sha256: str
    added_by: str
    at: AwareDatetime


class Consent(Value):
    """Written consent to remote assistance (P3.1)."""

    id: str
    scope: str
    given_by: str
    recorded_by: str
    words: str
    at: AwareDatetime
    expires_at: AwareDatetime | None = None
    revoked_at: AwareDatetime | None = None


class CallBack(Value):
    cause: str
    notes: str
    by: str
    at: AwareDatetime
