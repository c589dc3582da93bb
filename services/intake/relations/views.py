"""Relations as people see them."""

from datetime import datetime
from typing import Self

from services.intake.relations.domain import Relation
from shared.events import RelationKind
from shared.http import Body, View, example
from shared.terms import Id, Known, Line


class NewRelation(Body):
    model_config = example(relation="caused_by", ticket="TK-2026-000001", reason="The update broke the export")

    relation: Known[RelationKind]
    """causes, caused_by, follows, followed_by or related"""
    ticket: Id
    """The number of the other ticket"""
    reason: Line
    """Why"""


class RelationView(View):
    id: str
    """By which it is removed: the relation and the other ticket"""
    relation: RelationKind
    """What the ticket is to the other"""
    ticket: str
    """The number of the other ticket"""
    reason: str
    """Why; customers do not see it"""
    by: str
    """Who said so, as a subject; customers do not see it"""
    since: datetime
    """When they did"""

    @classmethod
    def of(cls, one: Relation, for_staff: bool) -> Self:
        return cls(
            id=f"{one.relation}:{one.other}",
            relation=one.relation,
            ticket=one.other,
            reason=one.reason if for_staff else "",
            by=one.by if for_staff else "",
            since=one.at,
        )
