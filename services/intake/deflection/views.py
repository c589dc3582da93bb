"""What customers and leads send and see of suggestions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from services.intake.deflection.domain import Counts, effect
from services.intake.deflection.handlers import Shown
from services.intake.deflection.similar import Row
from shared.http import Body, View, example
from shared.terms import Id, Line, OptionalParagraph, Stage


class Draft(Body):
    """What somebody is about to ask."""

    model_config = example(title="V3.2 crashes on Win11 when exporting Excel", description="It closes without a word.")

    title: Line
    """What it is, in a line"""
    description: OptionalParagraph = ""
    """In their words"""


class Reading(Body):
    """An article that was opened."""

    model_config = example(article="KB-000001")

    article: Id
    """Its id"""


class SuggestedArticle(View):
    """An article that may solve it; read at `/v1/help-articles/{article}`."""

    article: str
    """Its id"""
    title: str
    """What the problem is called"""
    score: float
    """How well it matches, from 0 to 1"""


class SimilarTicket(View):
    """An open ticket that the caller may read, and that may be about the same."""

    ticket: str
    """Its number"""
    title: str
    """What it is, in a line"""
    stage: Stage
    """Where it stands"""
    opened_at: datetime
    """When it was opened"""

    @classmethod
    def of(cls, row: Row) -> Self:
        known = {"ticket": row["id"], "title": row["problem"]["title"]}
        return cls.model_validate({**known, "stage": row["stage"], "opened_at": row["opened_at"]})


class SuggestionView(View):
    """What may make a request unnecessary."""

    id: str
    """To tell what was read; empty where there was nothing to show"""
    articles: list[SuggestedArticle]
    """The best first; none for customers of the hold-out group"""
    tickets: list[SimilarTicket]
    """The most similar first"""

    @classmethod
    def of(cls, shown: Shown, rows: Sequence[Row]) -> Self:
        articles = [SuggestedArticle(article=one.article, title=one.title, score=one.score) for one in shown.articles]
        tickets = [SimilarTicket.of(row) for row in rows]
        return cls(id=shown.id if articles else "", articles=articles, tickets=tickets)


class ReadingsView(View):
    """What was opened of what was shown."""

    articles: list[str]
    """Ids, in the order in which they were opened first"""


class GroupView(View):
    """Visits in which there were articles for what was asked, and what came of them."""

    visits: int
    """How many"""
    read: int
    """In how many of them an article was opened"""
    submitted: int
    """After how many a ticket was opened within a day all the same"""
    not_submitted: int
    """After how many none was"""
    share_submitted: float | None
    """Of the visits, from 0 to 1; null where there was none"""

    @classmethod
    def of(cls, one: Counts) -> Self:
        names = ("visits", "read", "submitted", "not_submitted", "share_submitted")
        return cls.model_validate({name: getattr(one, name) for name in names})


class DeflectionView(View):
    """What showing articles before a request is worth: what the two groups differ by."""

    shown: GroupView
    """Customers who were shown the articles"""
    held_out: GroupView
    """The hold-out group: customers who were not"""
    undecided: int
    """Visits of the last day, of which it is not known yet"""
    effect: float | None
    """By how much the share of those who submit is smaller where articles are shown; null where a group is empty"""
    effect_from: float | None
    """Where its 95 % interval begins: above 0, articles save tickets"""
    effect_to: float | None
    """Where it ends"""

    @classmethod
    def of(cls, shown: Counts, held_out: Counts, undecided: int) -> Self:
        found = effect(shown, held_out) or (None, None, None)
        return cls(
            shown=GroupView.of(shown),
            held_out=GroupView.of(held_out),
            undecided=undecided,
            effect=found[0],
            effect_from=found[1],
            effect_to=found[2],
        )
