"""What intake tells of tickets.

`assignee` is who had the ticket then, as intake knew it: empty for nobody, None where it is not told.
"""

from pydantic import Field

from shared.events.envelope import Event, Part
from shared.events.intake_relations import TicketLink
from shared.terms import (
    Channel,
    Moment,
    Stage,
    Status,
    WaitingFor,
)


class Contact(Part):
    """A person on the customer's side. `sub` is who they are when they sign in, empty for a guest; `address` where they
    write from in a messenger: `wecom:<account>:<member>`."""

    name: str
    sub: str = ""
    email: str = ""
    phone: str = ""
    language: str = "zh"
    address: str = ""


class Problem(Part):
    """What was collected about a request (P1.2). `custom_fields` are those that the desk's ticket forms declare, by
    their keys; a number, day or choice as text."""

    title: str
    description: str
    product: str = ""
    product_version: str = ""
    module: str = ""
    environment: str = ""
    steps: str = ""
    error_text: str = ""
    users_affected: int | None = None
    business_blocked: bool | None = None
    custom_fields: dict[str, str] = {}


class Question(Part):
    """A guided question: `field` is the fact of `Problem` that is missing, or the key of one of its custom fields."""

    field: str
    en: str
    zh: str


class UnfitAnswer(Part):
    """What was `said` to a question, cut, and why that is no answer to it."""

    field: str
    said: str
    en: str
    zh: str


class TicketOpened(Event):
    """A ticket that waits for its customer from the start says so here and does not say it again. `customer` is the id
    of a customer, `customer_name` what people read; `contact_id` and `company_id` are the desk's records of them;
    `tier` and `policy` (the id of the SLA policy that was agreed with it) are what the record of the company says. One
    that another desk had begun (`imported_from`) was opened there at `opened_at`; clocks run from `time` on. `reply_to`
    is where a messenger takes an answer for some time, sealed: for notify alone."""

    kind = "ticket.opened"
    problem: Problem
    customer: str
    customer_name: str = ""
    company: str = ""
    contact: Contact
    channel: Channel
    taken_by: str
    missing: list[str] = []
    linked: list[str] = []
    links: list[TicketLink] = []
    contact_id: str = ""
    company_id: str = ""
    tier: str = ""
    policy: str = ""
    questions: list[Question] = []
    waiting_for: WaitingFor = WaitingFor.NONE
    imported_from: str = ""
    opened_at: Moment | None = None
    reply_to: str = ""


class TicketQuestionsAsked(Event):
    """`reminder` counts how often they were asked again. The first of them has the number `first`, by which the
    customer may answer: earlier questions that are open keep theirs. `unfit` are answers that do not fit, for which
    all that is open is asked once more."""

    kind = "ticket.questions_asked"
    questions: list[Question]
    at_opening: bool = False
    reminder: int = 0
    first: int = 1
    unfit: list[UnfitAnswer] = []


class TicketQuestionsAnswered(Event):
    """`problem` is the whole of what is known now."""

    kind = "ticket.questions_answered"
    answers: dict[str, str]
    problem: Problem
    missing: list[str] = []
    assignee: str | None = None


class TicketAmended(Event):
    """`problem` is the whole of what is known now, `changed` the names of its fields that are new (`module`,
    `custom_fields.database`), `before` what those were until then, long texts cut; older releases did not say it."""

    kind = "ticket.amended"
    problem: Problem
    changed: list[str] = []
    before: dict[str, str | int | bool | None] = {}


class TicketStageChanged(Event):
    """The ticket went from one stage to another, once in a change at most. `why` is the last word of the kind of what
    moved it: `assigned`, `solution_rejected`, `reopened`; `feedback_ran_out` when it was time."""

    kind = "ticket.stage_changed"
    before: Stage = Field(alias="from")
    after: Stage = Field(alias="to")
    status: Status
    why: str


class TicketMessagePosted(Event):
    """Somebody wrote on the ticket. `internal` notes never reach the customer, and their text not the bus. What staff
    write down in the customer's words is the customer's (`by_staff` is false); then `recorded_by` says who typed it.
    `channel` is how the customer wrote, and how what staff write is to reach them: as they wrote last; `reply_to` as
    that of a ticket that was opened. What went to many tickets at once has the same `broadcast` on each, so that who
    has several of them is told once; `automatic` is what nobody wrote for them, which is no reply yet."""

    kind = "ticket.message_posted"
    message: str
    author: str
    by_staff: bool
    internal: bool
    text: str
    recorded_by: str = ""
    assignee: str | None = None
    channel: Channel = Channel.ONLINE
    reply_to: str = ""
    broadcast: str = ""
    automatic: bool = False


class TicketUrged(Event):
    """The customer asked the desk to hurry; `times` counts how often so far."""

    kind = "ticket.urged"
    times: int
    comment: str = ""
    assignee: str | None = None


class TicketAttachmentAdded(Event):
    kind = "ticket.attachment_added"
    attachment: str
    name: str
    size: int
    media_type: str
    sha256: str
    by_staff: bool = False


class TicketWaiting(Event):
    kind = "ticket.waiting"
    waiting_for: WaitingFor


class TicketResumed(Event):
    kind = "ticket.resumed"
    waited_for: WaitingFor


class TicketConsentGiven(Event):
    """Written consent to remote assistance (P3.1): `words` is what the customer wrote; `tool` the only one that may be
    used, empty for any approved one; `purpose` what it is for."""

    kind = "ticket.consent_given"
    consent: str
    scope: str
    tool: str = ""
    purpose: str = ""
    given_by: str
    words: str
    expires_at: Moment | None = None


class TicketConsentRevoked(Event):
    kind = "ticket.consent_revoked"
    consent: str


class TicketLinkRequested(Event):
    """The desk is to send the customer a link for one `action` in this round, to their own address and nobody else's:
    `accept_solution`, `reject_solution`, `give_feedback`, `answer_questions` or `give_consent`, to the use of this
    `tool` (empty: any approved one) for this `purpose`."""

    kind = "ticket.link_requested"
    action: str
    round: int
    to: str
    tool: str = ""
    purpose: str = ""


class TicketSolutionAccepted(Event):
    """The customer's yes in production (P4.2): the ticket is resolved. What they said on the telephone was written
    down by one member of staff and confirmed by another."""

    kind = "ticket.solution_accepted"
    round: int
    comment: str = ""
    recorded_by: str = ""
    confirmed_by: str = ""


class TicketSolutionRejected(Event):
    """The customer's no: back to handling; `round` is the one that begins now."""

    kind = "ticket.solution_rejected"
    round: int
    comment: str
    assignee: str | None = None
    recorded_by: str = ""
    confirmed_by: str = ""


class MailBounced(Event):
    """A mail that belongs to no thread of a ticket came back, such as a digest; as TicketMailBounced. `subject` is the
    mail that says so."""

    kind = "mail.bounced"
    delivery: str
    recipient: str
    status: str


class TicketMailBounced(Event):
    """A mail about the ticket came back: notify's `delivery`, as its Message-ID says. `status` is that of the other
    mail server (RFC 3463)."""

    kind = "ticket.mail_bounced"
    delivery: str
    recipient: str
    status: str
