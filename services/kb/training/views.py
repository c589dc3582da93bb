"""What people send to, and see of, sessions and packs."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, StringConstraints

from services.kb.cases.domain import Case
from services.kb.training.domain import MOST_FOLLOW_UPS, MOST_ON_AGENDA, AgendaItem, FollowUp, SessionState
from shared.http import Body, View, example
from shared.terms import SUBJECT_LENGTH, Line, Moment, OptionalLine, OptionalParagraph, Paragraph, Satisfaction

Quarter = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-Q[1-4]$")]
Subject = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=SUBJECT_LENGTH)]
Ticket = Annotated[str, StringConstraints(pattern=r"^TK-[0-9]{4}-[0-9]{6,12}$")]
Term = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
People = Annotated[list[Subject], Field(max_length=200)]


class NewTrainingSession(Body):
    model_config = example(quarter="2026-Q3")

    quarter: Quarter
    """Which one it is of"""


class AgendaEntry(Body):
    """A ticket to talk about."""

    ticket: Ticket
    """Its number"""
    reasons: list[Term] = Field(default_factory=list, max_length=10)
    """Why it was hard, as terms; left out, they stay as they are"""
    note: OptionalLine = ""
    """What to look at"""


class TrainingPlan(Body):
    model_config = example(
        planned_for="2026-10-12T06:00:00Z",
        place="Room 3",
        attendees=["e-chen", "e-liu"],
        agenda=[{"ticket": "TK-2026-000017", "note": "Why did two rounds fail?"}],
    )

    planned_for: Moment
    """When it begins"""
    place: OptionalLine = ""
    """Where, or under which address"""
    attendees: People = Field(default_factory=list)
    """Who is invited, as subjects"""
    agenda: list[AgendaEntry] = Field(default_factory=list, max_length=MOST_ON_AGENDA)
    """What it is about, in this order"""

    def items(self) -> list[AgendaItem]:
        return [AgendaItem(**one.model_dump()) for one in self.agenda]


class NewFollowUp(Body):
    what: Line
    """What is to be done"""
    owner: Subject
    """Who does it, as a subject"""
    due_at: Moment
    """Until when"""


class TrainingOutcome(Body):
    model_config = example(
        attended=["e-chen", "e-liu"],
        outcome="Export problems are to be told by memory use first.",
        follow_ups=[{"what": "Add a memory check to the guide", "owner": "e-chen", "due_at": "2026-10-26T00:00:00Z"}],
    )

    attended: People
    """Who was there, as subjects"""
    outcome: Paragraph
    """What was learnt"""
    follow_ups: list[NewFollowUp] = Field(default_factory=list, max_length=MOST_FOLLOW_UPS)
    """What is to be done now"""

    def agreed(self) -> list[FollowUp]:
        return [FollowUp(number=at, **one.model_dump()) for at, one in enumerate(self.follow_ups, 1)]


class FollowUpResult(Body):
    model_config = example(result="The guide has a section about memory.")

    result: OptionalLine = ""
    """What came of it"""


class AgendaItemView(View):
    ticket: str
    """The ticket's number"""
    reasons: list[str]
    """Why it was hard, as terms of sla"""
    note: str
    """What to look at"""


class FollowUpView(View):
    number: int
    """From 1"""
    what: str
    """What is to be done"""
    owner: str
    """Who does it, as a subject"""
    due_at: datetime
    """Until when"""
    done_at: datetime | None
    """When it was done; null until then"""
    done_by: str
    """Who said so"""
    result: str
    """What came of it"""


class TrainingSessionView(View):
    """A quarterly case-sharing session."""

    id: str
    """Its id"""
    version: int
    """Counts the changes; the ETag has it too"""
    quarter: str
    """Which one it is of"""
    state: SessionState
    """Whether it is proposed, planned or held"""
    agenda: list[AgendaItemView]
    """What it is about; of a proposed one, the hard cases of the quarter"""
    planned_for: datetime | None
    """When it begins; null until somebody has planned it"""
    place: str
    """Where"""
    attendees: list[str]
    """Who is invited, as subjects"""
    attended: list[str]
    """Who was there"""
    outcome: str
    """What was learnt"""
    follow_ups: list[FollowUpView]
    """What is to be done since"""
    changed_at: datetime
    """When it last changed"""


class MaterialView(View):
    """What a session needs to know of a ticket, from its case."""

    ticket: str
    """The ticket's number"""
    known: bool
    """Whether it has a case; without one everything else is empty"""
    title: str = ""
    """The problem, in a line"""
    description: str = ""
    """The problem, without names, numbers and secrets of the customer"""
    environment: str = ""
    """What it runs in"""
    root_cause: str = ""
    """The cause that was found"""
    solution: str = ""
    """The one that the customer accepted"""
    rejected: list[str] = Field(default_factory=list)
    """Solutions that the customer did not accept"""
    conclusions: list[str] = Field(default_factory=list)
    """What experts came to"""
    times_completed: int = 0
    """How often the ticket ended"""
    satisfaction: Satisfaction | None = None
    """The last rating; null if there is none"""
    article: str = ""
    """The knowledge article of it"""

    @classmethod
    def of(cls, ticket: str, case: Case | None) -> Self:
        if case is None:
            return cls(ticket=ticket, known=False)
        problem = case.problem
        return cls(
            ticket=ticket,
            known=True,
            title=problem.title,
            description=problem.description,
            environment=problem.environment,
            root_cause=case.root_cause,
            solution=case.solution,
            rejected=[one.solution for one in case.rounds if one.accepted is False],
            conclusions=[one.conclusions for one in case.consultations],
            times_completed=len(case.completions),
            satisfaction=case.satisfaction,
            article=case.article,
        )


class PackText(Body):
    """What a pack says; which articles belong to it is found by their versions."""

    model_config = example(
        product="ERP", product_version="V3.3", goes_live_at="2026-10-01T00:00:00Z", people=["e-chen"]
    )

    product: Line
    """The product"""
    product_version: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    """The version that goes live"""
    goes_live_at: Moment
    """When"""
    release_notes: OptionalParagraph = ""
    """What is new, in Markdown"""
    people: People = Field(default_factory=list)
    """Who should know it, as subjects"""
    new_since: Moment | None = None
    """Articles of the product that were written since then are named as new ones; null for none"""


class PackArticleView(View):
    id: str
    """The article's id"""
    title: str
    """What the problem is called"""


class AcknowledgementView(View):
    by: str
    """Who has read it, as a subject"""
    at: datetime
    """When they said so"""
    edition: int
    """Which edition they had read"""


class PackView(View):
    """What people should know before a version goes live."""

    id: str
    """Its id"""
    version: int
    """Counts the changes; the ETag has it too"""
    product: str
    """The product"""
    product_version: str
    """The version that goes live"""
    goes_live_at: datetime
    """When"""
    release_notes: str
    """What is new, in Markdown"""
    known_problems: list[PackArticleView]
    """Published articles about problems that this version has"""
    fixed_problems: list[PackArticleView]
    """Published articles about problems that it does not have any more"""
    new_articles: list[PackArticleView]
    """Other articles of the product that were new"""
    predecessors: list[str]
    """Versions whose known problems are taken for problems of this one too, unless they were fixed"""
    people: list[str]
    """Who should know it"""
    missing: list[str]
    """Those of them who have not said that they have read this edition"""
    edition: int
    """Counts what the pack has said; a new one is to be read anew"""
    acknowledgements: list[AcknowledgementView]
    """Who has read it, and when"""
    changed_at: datetime
    """When it last changed"""
