"""What a ticket is made of: entries of the conversation, attachments, consents, phone verifications, its closing."""

from dataclasses import dataclass

from pydantic import AwareDatetime, Field

from shared.domain import Value
from shared.events import Contact, RelationKind
from shared.terms import Channel, Outcome, Satisfaction


@dataclass(frozen=True)
class Author:
    """Whose words they are: a person's `sub`, of a guest `mailto:<address>` or `channel:<address>`, and the name that
    is shown. What staff write down for the customer is the customer's; `recorded_by` then is who typed it."""

    id: str
    name: str
    by_staff: bool
    recorded_by: str = ""

    @classmethod
    def of(cls, contact: Contact, recorded_by: str = "") -> "Author":
        return cls(author_id(contact), contact.name, False, recorded_by)


def author_id(contact: Contact) -> str:
    if contact.sub:
        return contact.sub
    return f"mailto:{contact.email}" if contact.email else f"channel:{contact.address}" if contact.address else ""


DESK = Author("service:intake", "Bihuan", by_staff=True)


class Message(Value):
    """One entry of the conversation: who said what, when, through which channel. `via` is the merged ticket that it was
    written on, or the one that it was split off from; `split_to` the ticket that was made of it."""

    id: str
    author: str
    name: str
    by_staff: bool
    internal: bool = False
    channel: Channel
    at: AwareDatetime
    text: str
    recorded_by: str = ""
    via: str = ""
    split_to: str = ""


class External(Value):
    """Where a ticket was before it was taken over: `source` names the other desk, `id` is what it is called there for
    programs, `number` for people, and `state` how it stood. `digest` is of all that was read, `run` the import.
    `is_history`: it was closed there, and is only kept here; other services know nothing of it. `files` is how many it
    had there."""

    source: str
    id: str
    number: str = ""
    state: str = ""
    digest: str = ""
    run: str = ""
    files: int = 0
    tags: list[str] = Field(default_factory=list)
    is_history: bool = True
    imported_at: AwareDatetime


class Attachment(Value):
    """`external` is what another desk called a file that was taken over from it."""

    id: str
    name: str
    size: int
    media_type: str
    sha256: str
    added_by: str
    at: AwareDatetime
    via: str = ""
    internal: bool = False  # for staff alone
    external: str = ""


class ThirdPartyRequest(Value):
    """What a third party is asked on its page, and all that it sees: `attachments` are ids, `customer` is empty unless
    that was chosen."""

    id: str
    party: str
    email: str
    title: str
    asked: str
    customer: str = ""
    attachments: list[str] = Field(default_factory=list)
    due_at: AwareDatetime | None = None
    answered_at: AwareDatetime | None = None


class Consent(Value):
    """Written consent to remote assistance (P3.1). `tool` is the only one that may be used, empty for any approved one;
    `message` the entry of the conversation in which it was given, and `sha256` that of its text, in hexadecimal."""

    id: str
    scope: str
    tool: str = ""
    purpose: str = ""
    message: str = ""
    sha256: str = ""
    given_by: str
    recorded_by: str
    words: str
    at: AwareDatetime
    expires_at: AwareDatetime | None = None
    revoked_at: AwareDatetime | None = None


class PhoneVerification(Value):
    """What a customer said about a solution on the telephone: who it was, from which number, in their words, who wrote
    it down, and who else confirmed it. Until then it counts for nothing."""

    id: str
    round: int
    accepted: bool
    given_by: str
    number: str
    words: str
    called_at: AwareDatetime
    recorded_by: str
    recorded_at: AwareDatetime
    confirmed_by: str = ""
    confirmed_at: AwareDatetime | None = None


class CallBack(Value):
    """`listed_cause` is the id of the cause in the desk's list; empty where it is none of those."""

    cause: str
    listed_cause: str = ""
    notes: str
    by: str
    at: AwareDatetime


class Closing(Value):
    """How a ticket was closed that was reopened later: what the customer said about it, and what was done then."""

    round: int
    resolved_at: AwareDatetime | None = None
    completed_at: AwareDatetime | None = None
    satisfaction: Satisfaction | None = None
    feedback_comment: str = ""
    call_back: CallBack | None = None
    second_plan: str = ""
    second_plan_owner: str = ""
    second_plan_due_at: AwareDatetime | None = None
    second_plan_result: str = ""
    outcome: Outcome | None = None
    outcome_reason: str = ""


class Related(Value):
    """What somebody said on this ticket about another one. The other shows it too (relations/)."""

    kind: RelationKind
    ticket: str
    reason: str
    by: str
    at: AwareDatetime


class Merge(Value):
    """That a ticket was merged into another, and that it was undone; `messages` are those of the other ticket that were
    written on this one meanwhile."""

    into: str
    reason: str
    by: str
    at: AwareDatetime
    messages: list[str] = Field(default_factory=list)
    undone_by: str = ""
    undone_at: AwareDatetime | None = None
    undone_reason: str = ""


class Split(Value):
    """Messages and attachments of which a ticket of their own is made; its number is empty until it is there."""

    id: str
    title: str
    messages: list[str]
    attachments: list[str]
    reason: str
    by: str
    at: AwareDatetime
    ticket: str = ""
