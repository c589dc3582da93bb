"""The ticket: what a customer needs, how far we are, and everything that was said about it.

`stage` and `waiting_for` follow from what is known: which round is verified, who has the ticket, whom we wait for. So
the facts that other services publish may be heard in any order and lead to the same state. What can be done with one
stands in closing.py and facts.py (what triage says) beside this module, and in the folders around it."""

from datetime import datetime, timedelta
from typing import Any

from pydantic import AwareDatetime, Field, model_validator

from services.intake.directory.recognition import NOBODY, Known
from services.intake.forms.catalog import NO_FORMS, Forms
from services.intake.forms.domain import AppliedForm
from services.intake.tickets.linking import link
from services.intake.tickets.questions import fingerprints_in, found_in, missing_fields, understood
from services.intake.tickets.values import (
    Attachment,
    CallBack,
    Closing,
    Consent,
    External,
    Merge,
    Message,
    PhoneVerification,
    Related,
    Split,
    ThirdPartyRequest,
)
from shared.domain import Conflict, Listener
from shared.events import (
    Contact,
    Event,
    Problem,
    Question,
    SolutionRound,
    TicketLink,
    TicketOpened,
    TicketQuestionsAsked,
    TicketResumed,
    TicketStageChanged,
    TicketWaiting,
    Watcher,
)
from shared.terms import Category, Channel, Outcome, Priority, Satisfaction, Stage, Status, Text, WaitingFor

MAX_ROUNDS = 1_000
REMIND_AFTER = (timedelta(days=1), timedelta(days=3), timedelta(days=7))  # since the customer was asked
ASKED = (WaitingFor.CUSTOMER_INFORMATION, WaitingFor.CUSTOMER_VERIFICATION)


class WrongState(Conflict):
    """The ticket is at a stage that does not allow this."""

    title = Text("Not possible at the ticket's current stage", "工单当前阶段不允许此操作")


class LimitReached(Conflict):
    title = Text("The ticket has reached a limit", "工单已达上限")


class Ticket(Listener):
    """`consulting`, `third_party` and `lacking` say whether a consultation is held, a third party works on it, and
    information is waited for; `incomplete` that nobody gave it and it went on without. `asked` are the fields that the
    customer was asked for, in the order that they saw, `ever_asked` all that they were ever asked for, `told_unfit`
    those of which they were told that an answer did not fit, `form` by which declaration they were asked (None: where
    none was declared), `found` the fields that they told without giving them. `due_at` is
    when they are reminded, or the owner of the second plan, or when no rating is waited for any more: at `rated_until`,
    which is there until they were reminded; `plan_reminders` counts those of the plan, `rates_again`: after it."""

    problem: Problem
    found: list[str] = Field(default_factory=list)
    customer: str
    customer_name: str = ""
    company: str
    contact: Contact
    contact_id: str = ""
    company_id: str = ""
    channel: Channel
    taken_by: str
    external: External | None = None
    opened_at: AwareDatetime
    stage: Stage = Stage.INTAKE
    waiting_for: WaitingFor = WaitingFor.NONE
    consulting: bool = False
    third_party: bool = False
    parties: list[str] = Field(default_factory=list)  # that have not answered
    lacking: bool = False
    round: int = 1
    category: Category | None = None
    priority: Priority | None = None
    assignee: str = ""
    assignee_name: str = ""
    questions: list[Question] = Field(default_factory=list)
    asked: list[str] = Field(default_factory=list)
    ever_asked: list[str] = Field(default_factory=list)
    told_unfit: list[str] = Field(default_factory=list)
    form: AppliedForm | None = None
    reminders: int = 0
    incomplete: bool = False
    messages: list[Message] = Field(default_factory=list)
    said_bytes: int = 0
    attachments: list[Attachment] = Field(default_factory=list)
    consents: list[Consent] = Field(default_factory=list)
    rounds: list[SolutionRound] = Field(default_factory=list)
    phone_verifications: list[PhoneVerification] = Field(default_factory=list)
    third_party_requests: list[ThirdPartyRequest] = Field(default_factory=list)
    fingerprints: list[str] = Field(default_factory=list)
    linked: list[str] = Field(default_factory=list)
    links: list[TicketLink] = Field(default_factory=list)
    followed_by: str = ""
    relations: list[Related] = Field(default_factory=list)
    merged_into: str = ""
    merges: list[Merge] = Field(default_factory=list)
    merged: list[str] = Field(default_factory=list)
    split_from: str = ""
    splits: list[Split] = Field(default_factory=list)
    watchers: list[Watcher] = Field(default_factory=list)
    urges: int = 0
    urged_at: AwareDatetime | None = None
    satisfaction: Satisfaction | None = None
    feedback_comment: str = ""
    call_back: CallBack | None = None
    second_plan: str = ""
    second_plan_owner: str = ""
    second_plan_due_at: AwareDatetime | None = None
    plan_reminders: int = 0
    rated_until: AwareDatetime | None = None
    rates_again: bool = False
    second_plan_result: str = ""
    outcome: Outcome | None = None
    outcome_reason: str = ""
    duplicate_of: str = ""
    earlier: list[Closing] = Field(default_factory=list)
    resolved_at: AwareDatetime | None = None
    completed_at: AwareDatetime | None = None
    due_at: AwareDatetime | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_older_release(cls, data: Any) -> Any:
        """An older release stored only the stage and whom we wait for."""
        if isinstance(data, dict) and "stage" in data and "consulting" not in data:
            waiting = data.get("waiting_for")
            data = {
                **data,
                "consulting": data["stage"] == Stage.CONSULTATION,
                "third_party": waiting == WaitingFor.THIRD_PARTY,
                "lacking": waiting == WaitingFor.CUSTOMER_INFORMATION,
            }
        return data

    @property
    def status(self) -> Status:
        return self.stage.status

    @property
    def solution_in_review(self) -> SolutionRound | None:
        """The solution that the customer is asked about."""
        return next((one for one in self.rounds if one.round == self.round and one.accepted is None), None)

    @classmethod
    def open(
        cls,
        number: str,
        problem: Problem,
        customer: str,
        company: str,
        contact: Contact,
        channel: Channel,
        taken_by: str,
        links: list[TicketLink],
        now: datetime,
        records: Known = NOBODY,
        forms: Forms = NO_FORMS,
        reply_to: str = "",
    ) -> tuple["Ticket", list[Event]]:
        given, (problem, form) = problem, understood(problem, forms)
        lacking = missing_fields(problem, form)
        ticket = cls(
            id=number,
            problem=problem,
            found=found_in(problem, given),
            fingerprints=fingerprints_in(problem),
            customer=customer,
            customer_name=company or contact.name,
            company=company,
            contact=contact,
            contact_id=records.contact_id,
            company_id=records.company_id,
            channel=channel,
            taken_by=taken_by,
            opened_at=now,
            questions=form.questions(lacking),
            asked=lacking,
            ever_asked=lacking if form.is_declared else [],
            form=form if form.is_declared else None,
            lacking=bool(lacking),
            waiting_for=WaitingFor.CUSTOMER_INFORMATION if lacking else WaitingFor.NONE,
            due_at=now + REMIND_AFTER[0] if lacking else None,
        )
        events: list[Event] = [
            TicketOpened(
                subject=number,
                time=now,
                problem=problem,
                customer=customer,
                customer_name=ticket.customer_name,
                company=company,
                contact=contact,
                contact_id=records.contact_id,
                company_id=records.company_id,
                tier=records.tier,
                policy=records.policy,
                channel=channel,
                taken_by=taken_by,
                missing=lacking,
                linked=[link.ticket for link in links],
                links=links,
                questions=ticket.questions,
                waiting_for=ticket.waiting_for,
                reply_to=reply_to,
            )
        ]
        events += link(ticket, links, now)
        if lacking:
            events.append(TicketQuestionsAsked(subject=number, time=now, questions=ticket.questions, at_opening=True))
        return ticket, events

    def was_opened_by(self, event: TicketOpened) -> bool:
        """Whether this event tells of this ticket, and not of another under its number."""
        since = event.opened_at or event.time
        return (self.company, self.contact, self.opened_at) == (event.company, event.contact, since)

    # ---- what follows

    def update_stage(self, why: str, now: datetime) -> list[Event]:
        """Set stage and waiting to what follows from what is known now, with one event each if it is another. Every
        change of a ticket ends with it, once."""
        stage, waiting_for = self._stage(), self._waiting_for()
        before, waited_for = self.stage, self.waiting_for
        self.stage, self.waiting_for = stage, waiting_for
        events: list[Event] = []
        if stage != before:
            events.append(
                TicketStageChanged(subject=self.id, time=now, before=before, after=stage, status=stage.status, why=why)
            )
        if waiting_for == waited_for:
            return events
        if waiting_for in ASKED:
            self.reminders, self.due_at = 0, now + REMIND_AFTER[0]
        elif waited_for in ASKED and not self.resolved_at:
            self.due_at = None
        if waiting_for == WaitingFor.NONE:
            return [*events, TicketResumed(subject=self.id, time=now, waited_for=waited_for)]
        return [*events, TicketWaiting(subject=self.id, time=now, waiting_for=waiting_for)]

    def _stage(self) -> Stage:
        if self.completed_at:
            return Stage.ARCHIVED
        if self.resolved_at:
            return Stage.FEEDBACK
        if self.solution_in_review:
            return Stage.CUSTOMER_VERIFICATION
        if self.assignee:
            return Stage.CONSULTATION if self.consulting else Stage.HANDLING
        return Stage.DIAGNOSIS if self.category else Stage.INTAKE

    def _waiting_for(self) -> WaitingFor:
        if self.completed_at or self.resolved_at:
            return WaitingFor.NONE
        if self.solution_in_review:
            return WaitingFor.CUSTOMER_VERIFICATION
        if self.third_party:
            return WaitingFor.THIRD_PARTY
        return WaitingFor.CUSTOMER_INFORMATION if self.lacking else WaitingFor.NONE

    # ---- what may be done when

    def require_stage(self, stage: Stage, en: str, zh: str) -> None:
        """Raises WrongState at any other stage: `en` and `zh` say what cannot be done there."""
        if self.stage != stage:
            raise self._wrong_state(en, zh)

    def require_open(self, en: str, zh: str) -> None:
        """Raises WrongState for an archived ticket."""
        if self.stage == Stage.ARCHIVED:
            raise self._wrong_state(en, zh)

    def require_another_round(self) -> None:
        """Raises LimitReached: every round stays on record, so there is an end to them."""
        if self.round >= MAX_ROUNDS:
            raise LimitReached(
                f"A ticket can have at most {MAX_ROUNDS} rounds; please open a new ticket",
                f"每个工单最多处理 {MAX_ROUNDS} 轮，请提交新工单",
            )

    def _wrong_state(self, en: str, zh: str) -> WrongState:
        label = self.stage.label
        return WrongState(f"{self.id} is at the stage '{label.en}'; {en}", f"{self.id} 处于“{label.zh}”阶段，{zh}")
