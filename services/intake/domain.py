"""The ticket: what a customer needs, how far we are, and everything that was said about it.

`stage` moves, `status` follows from it; `waiting_for` is another matter (architecture: one ticket).
"""

from datetime import datetime, timedelta

from pydantic import AwareDatetime, Field

from services.intake.parts import Attachment, CallBack, Consent, Message
from services.intake.questions import ask, missing, read_between_the_lines
from shared.domain import Conflict, Forbidden, Invalid, Listener, TooEarly
from shared.events import (
    Contact,
    Event,
    Problem,
    Question,
    SolutionRound,
    TicketAmended,
    TicketAttachmentAdded,
    TicketCalledBack,
    TicketCompleted,
    TicketConsentGiven,
    TicketConsentRevoked,
    TicketFeedbackGiven,
    TicketLinked,
    TicketMessagePosted,
    TicketOpened,
    TicketPlanAgreed,
    TicketPlanCarriedOut,
    TicketQuestionsAnswered,
    TicketQuestionsAsked,
    TicketReopened,
    TicketResumed,
    TicketSolutionAccepted,
    TicketSolutionRejected,
    TicketWaiting,
    TriageAssigned,
    TriageConsultationConcluded,
    TriageConsultationOpened,
    TriageDiagnosed,
    TriageLogAnalysed,
    TriageReclassified,
    TriageReleased,
    TriageSolutionVerified,
    TriageThirdPartyAnswered,
    TriageThirdPartyEngaged,
)
from shared.terms import Category, Channel, Priority, Satisfaction, Stage, Status, Text, WaitingFor

FEEDBACK_WAIT = timedelta(days=5)
REOPEN_WINDOW = timedelta(days=14)
MESSAGES = 2_000
CONVERSATION = 8_000_000  # characters; a document may have 16 MB
ATTACHMENTS = 100
WORK = (Stage.HANDLING, Stage.CONSULTATION)


class IllegalMove(Conflict):
    """The ticket is at a stage that does not allow this."""

    title = Text("Not possible at this stage", "当前阶段不允许此操作")


class Full(Conflict):
    title = Text("The ticket is full", "工单内容已满")


class NothingAsked(Conflict):
    title = Text("Nothing was asked", "没有待回答的问题")


class Ticket(Listener):
    problem: Problem
    customer: str
    company: str
    contact: Contact
    channel: Channel
    taken_by: str
    opened_at: AwareDatetime
    stage: Stage = Stage.INTAKE
    waiting_for: WaitingFor = WaitingFor.NONE
    round: int = 1
    category: Category | None = None
    priority: Priority | None = None
    assignee: str = ""
    assignee_name: str = ""
    questions: list[Question] = Field(default_factory=list)
    messages: list[Message] = Field(default_factory=list)
    attachments: list[Attachment] = Field(default_factory=list)
    consents: list[Consent] = Field(default_factory=list)
    rounds: list[SolutionRound] = Field(default_factory=list)
    fingerprints: list[str] = Field(default_factory=list)
    linked: list[str] = Field(default_factory=list)
    satisfaction: Satisfaction | None = None
    feedback_comment: str = ""
    call_back: CallBack | None = None
    second_plan: str = ""
    second_plan_result: str = ""
    resolved_at: AwareDatetime | None = None
    completed_at: AwareDatetime | None = None
    due_at: AwareDatetime | None = None

    @property
    def status(self) -> Status:
        return self.stage.status

    # ---- P1 intake

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
        earlier: list[str],
        now: datetime,
    ) -> tuple["Ticket", list[Event]]:
        problem = read_between_the_lines(problem)
        lacking = missing(problem)
        ticket = cls(
            id=number,
            problem=problem,
            customer=customer,
            company=company,
            contact=contact,
            channel=channel,
            taken_by=taken_by,
            opened_at=now,
            questions=ask(lacking),
            waiting_for=WaitingFor.CUSTOMER_INFORMATION if lacking else WaitingFor.NONE,
        )
        events: list[Event] = [
            TicketOpened(
                subject=number,
                time=now,
                problem=problem,
                customer=customer,
                company=company,
                contact=contact,
                channel=channel,
                taken_by=taken_by,
                missing=lacking,
                linked=earlier,
                questions=ticket.questions,
                waiting_for=ticket.waiting_for,
            )
        ]
        events += ticket.link(earlier, now)
        if lacking:
            events.append(TicketQuestionsAsked(subject=number, time=now, questions=ticket.questions, at_opening=True))
        return ticket, events

    def link(self, earlier: list[str], now: datetime) -> list[Event]:
        new = [number for number in earlier if number not in self.linked and number != self.id]
        if not new:
            return []
        self.linked += new
        return [TicketLinked(subject=self.id, time=now, to=new)]

    def answer(self, answers: dict[str, str], author: str, name: str, by_staff: bool, now: datetime) -> list[Event]:
        """Answers to the guided questions become facts of the problem and an entry of the conversation."""
        asked = {question.field: question for question in self.questions}
        if not asked:
            raise NothingAsked("no question is open on this ticket", "该工单没有待回答的问题")
        if unknown := [name for name in answers if name not in asked]:
            raise Invalid(
                f"nobody asked for {', '.join(unknown)}; open: {', '.join(asked)}",
                f"未询问 {'、'.join(unknown)}；待回答：{'、'.join(asked)}",
            )
        self.problem = self.problem.model_copy(update=answers)
        left = [field for field in asked if field not in answers]
        self.questions = [asked[field] for field in left]
        language = self.contact.language
        said = "\n".join(f"{Text(asked[f].en, asked[f].zh).in_(language)}\n{answer}" for f, answer in answers.items())
        answered = TicketQuestionsAnswered(
            subject=self.id, time=now, answers=answers, problem=self.problem, missing=left
        )
        posted = self._say(said, author, name, by_staff, False, self.channel, now)
        resumed = [] if by_staff else self._resume(WaitingFor.CUSTOMER_INFORMATION, now)
        return [answered, *posted, *resumed]

    def amend(self, facts: dict[str, object], now: datetime) -> list[Event]:
        if self.stage is Stage.ARCHIVED:
            raise self._illegal("amended", "修改")
        self.problem = self.problem.model_copy(update=facts)
        left = set(missing(self.problem))
        self.questions = [question for question in self.questions if question.field in left]
        return [TicketAmended(subject=self.id, time=now, problem=self.problem)]

    def post(
        self, text: str, author: str, name: str, by_staff: bool, internal: bool, channel: Channel, now: datetime
    ) -> list[Event]:
        events = self._say(text, author, name, by_staff, internal, channel, now)
        if not by_staff:
            events += self._resume(WaitingFor.CUSTOMER_INFORMATION, now)
        return events

    def attach(self, attachment: Attachment, by_staff: bool, now: datetime) -> list[Event]:
        if any(there.id == attachment.id for there in self.attachments):
            return []
        if len(self.attachments) >= ATTACHMENTS:
            raise Full(f"a ticket takes {ATTACHMENTS} attachments", f"每个工单最多 {ATTACHMENTS} 个附件")
        self.attachments.append(attachment)
        return [
            TicketAttachmentAdded(
                subject=self.id,
                time=now,
                attachment=attachment.id,
                name=attachment.name,
                size=attachment.size,
                media_type=attachment.media_type,
                sha256=attachment.sha256,
                by_staff=by_staff,
            )
        ]

    # ---- P2, P3: what triage says

    def diagnosed(self, event: TriageDiagnosed | TriageReclassified) -> list[Event]:
        if not self.is_overtaken("diagnosis", event):
            self.category, self.priority = event.category, event.priority
        if self.stage is Stage.INTAKE:
            self.stage = Stage.DIAGNOSIS
        return []

    def assigned(self, event: TriageAssigned) -> list[Event]:
        if self.stage is Stage.ARCHIVED or self.is_overtaken("assignee", event):
            return []
        self.assignee, self.assignee_name = event.engineer, event.engineer_name
        if self.stage in (Stage.INTAKE, Stage.DIAGNOSIS):
            self.stage = Stage.HANDLING
        return []

    def released(self, event: TriageReleased) -> list[Event]:
        if self.is_overtaken("assignee", event):
            return []
        self.assignee, self.assignee_name = "", ""
        if self.stage is Stage.HANDLING:
            self.stage = Stage.DIAGNOSIS
        return []

    def log_analysed(self, event: TriageLogAnalysed) -> list[Event]:
        self.fingerprints += [mark for mark in event.fingerprints if mark not in self.fingerprints]
        return []

    def consultation_opened(self, event: TriageConsultationOpened) -> list[Event]:
        if self.stage is Stage.HANDLING and not self.is_overtaken("consultation", event):
            self.stage = Stage.CONSULTATION
        return []

    def consultation_concluded(self, event: TriageConsultationConcluded) -> list[Event]:
        if not self.is_overtaken("consultation", event) and self.stage is Stage.CONSULTATION:
            self.stage = Stage.HANDLING
        return []

    def third_party_engaged(self, event: TriageThirdPartyEngaged) -> list[Event]:
        if self.stage not in WORK or self.is_overtaken("third party", event):
            return []
        return self._wait(WaitingFor.THIRD_PARTY, event.time)

    def third_party_answered(self, event: TriageThirdPartyAnswered) -> list[Event]:
        return [] if self.is_overtaken("third party", event) else self._resume(WaitingFor.THIRD_PARTY, event.time)

    def give_consent(self, consent: Consent, now: datetime) -> list[Event]:
        if self.stage is Stage.ARCHIVED:
            raise self._illegal("given consent for", "授权")
        if any(there.id == consent.id for there in self.consents):
            return []
        if len(self.consents) >= 100:
            raise Full("a ticket takes 100 consents", "每个工单最多 100 份授权")
        self.consents.append(consent)
        return [
            TicketConsentGiven(
                subject=self.id,
                time=now,
                consent=consent.id,
                scope=consent.scope,
                given_by=consent.given_by,
                words=consent.words,
                expires_at=consent.expires_at,
            )
        ]

    def revoke_consent(self, id: str, now: datetime) -> list[Event]:
        consent = next((there for there in self.consents if there.id == id), None)
        if consent is None:
            raise Invalid(f"there is no consent {id}", f"没有编号为 {id} 的授权")
        if consent.revoked_at:
            return []
        consent.revoked_at = now
        return [TicketConsentRevoked(subject=self.id, time=now, consent=id)]

    # ---- P4 verification

    def verified(self, event: TriageSolutionVerified) -> list[Event]:
        """It works in our test environment: now the customer is asked."""
        if any(there.round == event.round and there.accepted is None for there in self.rounds):
            return []
        if event.round < self.round or self.stage in (Stage.FEEDBACK, Stage.ARCHIVED, Stage.CUSTOMER_VERIFICATION):
            return []
        if event.round > self.round or self.stage not in WORK:
            raise TooEarly(f"round {event.round} was verified, {self.id} is at {self.stage}, round {self.round}")
        self.rounds.append(
            SolutionRound(
                round=event.round,
                solution=event.solution,
                root_cause=event.root_cause,
                article=event.article,
                steps=event.steps,
                result=event.result,
                verified_by=event.actor,
                verified_at=event.time,
            )
        )
        self.stage = Stage.CUSTOMER_VERIFICATION
        return self._wait(WaitingFor.CUSTOMER_VERIFICATION, event.time)

    def judge(self, accepted: bool, comment: str, now: datetime) -> list[Event]:
        """Only the customer's yes solves the ticket; their no begins another round (P4.2)."""
        if self.stage is not Stage.CUSTOMER_VERIFICATION:
            raise self._illegal("judged", "验证")
        if not accepted and not comment:
            raise Invalid("say what still does not work", "请说明仍存在的问题")
        last = self.rounds[-1]
        self.rounds[-1] = last.model_copy(update={"accepted": accepted, "comment": comment, "answered_at": now})
        events = self._resume(WaitingFor.CUSTOMER_VERIFICATION, now)
        if not accepted:
            self.stage = Stage.HANDLING
            self.round += 1
            return [*events, TicketSolutionRejected(subject=self.id, time=now, round=self.round, comment=comment)]
        self.stage = Stage.FEEDBACK
        self.resolved_at = now
        self.due_at = now + FEEDBACK_WAIT
        return [*events, TicketSolutionAccepted(subject=self.id, time=now, round=self.round, comment=comment)]

    # ---- P5 feedback and archive

    def rate(self, satisfaction: Satisfaction, comment: str, now: datetime) -> list[Event]:
        if self.stage is not Stage.FEEDBACK:
            raise self._illegal("rated", "评价")
        if self.satisfaction is not None:
            raise IllegalMove("this ticket has been rated already", "该工单已评价")
        self.satisfaction, self.feedback_comment = satisfaction, comment
        given = TicketFeedbackGiven(subject=self.id, time=now, satisfaction=satisfaction, comment=comment)
        if satisfaction is Satisfaction.DISSATISFIED:
            self.due_at = None
            return [given]
        return [given, *self._complete(now)]

    def called_back(self, cause: str, notes: str, by: str, now: datetime) -> list[Event]:
        if self.satisfaction is not Satisfaction.DISSATISFIED or self.stage is not Stage.FEEDBACK:
            raise IllegalMove("only a dissatisfied customer is called back", "仅对不满意的客户进行回访")
        if self.call_back:
            raise IllegalMove("the customer has been called back already", "该客户已回访")
        self.call_back = CallBack(cause=cause, notes=notes, by=by, at=now)
        return [TicketCalledBack(subject=self.id, time=now, cause_of_dissatisfaction=cause, notes=notes)]

    def agree_plan(self, plan: str, now: datetime) -> list[Event]:
        if not self.call_back or self.stage is not Stage.FEEDBACK:
            raise IllegalMove("call the customer back first", "请先回访客户")
        if self.second_plan:
            raise IllegalMove("a second service plan is there already", "已有二次服务计划")
        self.second_plan = plan
        return [TicketPlanAgreed(subject=self.id, time=now, plan=plan)]

    def carry_out_plan(self, result: str, now: datetime) -> list[Event]:
        if not self.second_plan or self.stage is not Stage.FEEDBACK:
            raise IllegalMove("there is no second service plan", "没有二次服务计划")
        self.second_plan_result = result
        done = TicketPlanCarriedOut(subject=self.id, time=now, result=result)
        return [done, *self._complete(now)]

    def complete(self, now: datetime) -> list[Event]:
        """A lead ends the wait for feedback."""
        if self.stage is not Stage.FEEDBACK:
            raise self._illegal("completed", "完成")
        if self.satisfaction is Satisfaction.DISSATISFIED:
            raise IllegalMove(
                "a dissatisfied customer needs a call-back and a second plan first",
                "客户不满意，请先回访并执行二次服务计划",
            )
        return self._complete(now)

    def wait_ran_out(self, now: datetime) -> list[Event]:
        if self.due_at is None or now < self.due_at:
            return []
        self.due_at = None
        return self._complete(now) if self.stage is Stage.FEEDBACK and self.satisfaction is None else []

    def reopen(self, reason: str, now: datetime) -> list[Event]:
        if self.stage is not Stage.ARCHIVED or self.completed_at is None:
            raise IllegalMove("only a completed ticket is reopened", "仅已完成的工单可以重新打开")
        if now > self.completed_at + REOPEN_WINDOW:
            raise IllegalMove(
                f"a ticket is reopened within {REOPEN_WINDOW.days} days; please open a new one",
                f"工单仅可在完成后 {REOPEN_WINDOW.days} 天内重新打开，请提交新工单",
            )
        self.stage = Stage.HANDLING if self.assignee else Stage.DIAGNOSIS
        self.round += 1
        self.completed_at = self.resolved_at = self.satisfaction = self.call_back = None
        self.second_plan = self.second_plan_result = self.feedback_comment = ""
        return [TicketReopened(subject=self.id, time=now, reason=reason, round=self.round)]

    # ---- inside

    def _complete(self, now: datetime) -> list[Event]:
        self.stage, self.completed_at, self.due_at = Stage.ARCHIVED, now, None
        return [
            TicketCompleted(
                subject=self.id,
                time=now,
                problem=self.problem,
                customer=self.customer,
                company=self.company,
                category=self.category,
                priority=self.priority,
                assignee=self.assignee,
                rounds=self.rounds,
                fingerprints=self.fingerprints,
                satisfaction=self.satisfaction,
                feedback_comment=self.feedback_comment,
                cause_of_dissatisfaction=self.call_back.cause if self.call_back else "",
                second_plan=self.second_plan,
                opened_at=self.opened_at,
                resolved_at=self.resolved_at,
            )
        ]

    def _say(
        self, text: str, author: str, name: str, by_staff: bool, internal: bool, channel: Channel, now: datetime
    ) -> list[Event]:
        if internal and not by_staff:
            raise Forbidden("notes are for staff", "内部备注仅限工作人员")
        if len(self.messages) >= MESSAGES or sum(len(m.text) for m in self.messages) + len(text) > CONVERSATION:
            raise Full("the conversation is full; please open a new ticket", "对话内容已满，请提交新工单")
        message = Message(
            id=f"m{len(self.messages) + 1}",
            author=author,
            name=name,
            by_staff=by_staff,
            internal=internal,
            channel=channel,
            at=now,
            text=text,
        )
        self.messages.append(message)
        return [
            TicketMessagePosted(
                subject=self.id,
                time=now,
                message=message.id,
                author=author,
                by_staff=by_staff,
                internal=internal,
                text=text,
            )
        ]

    def _wait(self, what: WaitingFor, now: datetime) -> list[Event]:
        if self.waiting_for is what:
            return []
        before = self._resume(self.waiting_for, now)
        self.waiting_for = what
        return [*before, TicketWaiting(subject=self.id, time=now, waiting_for=what)]

    def _resume(self, what: WaitingFor, now: datetime) -> list[Event]:
        if self.waiting_for is not what or what is WaitingFor.NONE:
            return []
        self.waiting_for = WaitingFor.NONE
        return [TicketResumed(subject=self.id, time=now, waited_for=what)]

    def _illegal(self, en: str, zh: str) -> IllegalMove:
        label = self.stage.label
        return IllegalMove(f"a ticket at {label.en} cannot be {en}", f"处于“{label.zh}”阶段的工单不能{zh}")
