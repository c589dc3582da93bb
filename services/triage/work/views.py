"""How triage shows a work item, and whom it takes a caller for."""

from fastapi import Response
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from services.triage.work.domain import WorkItem
from services.triage.work.values import Person
from shared.http import Caller, tagged
from shared.terms import Role, Stage, Status


class WorkView(WorkItem):
    status: Status
    # Nobody's concern but ours:
    revisions: SkipJsonSchema[dict[str, int]] = Field(default_factory=dict, exclude=True)
    opening: SkipJsonSchema[str] = Field("", exclude=True)
    told_stage: SkipJsonSchema[Stage | None] = Field(None, exclude=True)

    @classmethod
    def of(cls, item: WorkItem) -> "WorkView":
        return cls.model_construct(**dict(item), status=item.stage.status)


def answer(response: Response, item: WorkItem) -> WorkView:
    tagged(response, item)
    return WorkView.of(item)


def person(caller: Caller) -> Person:
    known = caller.principal
    return Person(known.sub, known.name or known.sub, Role.LEAD in known.roles)
