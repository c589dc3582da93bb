"""Third parties over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from services.triage.third_parties.domain import Party, PartyDetails
from services.triage.third_parties.handlers import PartyHandlers
from shared.http import Body, Caller, Page, View, example, may, tagged
from shared.terms import Id, Line, OptionalEmailAddress, OptionalLine, Whole, YesOrNo

Language = Annotated[str, Field(pattern="^(zh|en)$")]
router = APIRouter(prefix="/v1/third-parties", tags=["third parties"])


class PartyBody(Body):
    model_config = example(
        name="Core banking vendor",
        contact="Support desk",
        email="support@vendor.example",
        answer_hours=8,
        systems=["core-banking"],
    )

    name: Line
    """What they are called"""
    contact: OptionalLine = ""
    """Who answers there"""
    email: OptionalEmailAddress = ""
    """Where they are asked; empty: by other ways than mail"""
    language: Language = "zh"
    """zh or en"""
    answer_hours: Annotated[Whole, Field(ge=1, le=8760)] = 24
    """Within how many hours they are to answer"""
    systems: list[Id] = Field(default_factory=list, max_length=50)
    """Ids of the third-party systems that they own"""
    active: YesOrNo = True
    """Whether they can be engaged"""


class PartyView(View):
    id: str
    """Its id"""
    version: int
    """Counts the changes; the ETag names it"""
    name: str
    """What they are called"""
    contact: str
    """Who answers there"""
    email: str
    """Where they are asked"""
    language: str
    """zh or en"""
    answer_hours: int
    """Within how many hours they are to answer"""
    systems: list[str]
    """Ids of the third-party systems that they own"""
    active: bool
    """Whether they can be engaged"""

    @classmethod
    def of(cls, party: Party) -> "PartyView":
        return cls(id=party.id, version=party.version, **party.details.model_dump())


async def handlers(request: Request) -> PartyHandlers:
    found: PartyHandlers = request.app.state.service.parties
    return found


Handlers = Annotated[PartyHandlers, Depends(handlers)]
MayRead = Annotated[Caller, may("third_party:read")]
MayManage = Annotated[Caller, may("third_party:manage")]


@router.get("")
async def list_third_parties(parties: Handlers, _: MayRead) -> Page[PartyView]:
    """All third parties by name, on one page."""
    return Page(items=[PartyView.of(one) for one in await parties.all()])


@router.get("/{party}")
async def read_third_party(party: Id, parties: Handlers, _: MayRead, response: Response) -> PartyView:
    """A third party."""
    return _shown(await parties.store.get(party), response)


@router.put("/{party}")
async def put_third_party(
    party: Id, body: PartyBody, parties: Handlers, caller: MayManage, response: Response
) -> PartyView:
    """Enter a third party, or change it."""
    return _shown(await parties.put(party, PartyDetails(**body.model_dump()), caller.origin), response)


def _shown(party: Party, response: Response) -> PartyView:
    tagged(response, party)
    return PartyView.of(party)
