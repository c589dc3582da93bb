"""The table of third-party systems over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field, StringConstraints

from services.triage.third_party_systems.domain import LONGEST, MOST_SIGNATURES, SHORTEST, Signatures, ThirdPartySystem
from services.triage.third_party_systems.handlers import SystemHandlers
from shared.http import Body, Caller, Page, View, example, may, tagged
from shared.terms import Id, Line, OptionalLine

router = APIRouter(prefix="/v1/third-party-systems", tags=["third-party systems"])
Signature = Annotated[Line, StringConstraints(min_length=SHORTEST, max_length=LONGEST)]


class SystemBody(Body):
    model_config = example(
        name_zh="微信支付", name_en="WeChat Pay", signatures=["api.mch.weixin.qq.com", "com.wechat.pay"]
    )

    name_zh: Line
    """What it is called in Chinese"""
    name_en: Line
    """What it is called in English"""
    contact: OptionalLine = ""
    """Who is asked for help"""
    signatures: Annotated[list[Signature], Field(min_length=1, max_length=MOST_SIGNATURES)]
    """Texts that stand in its errors, in any case: a host, a package, an error code"""


class SystemView(View):
    id: str
    """What analyses of logs name it by"""
    version: int
    """Counts the changes; the ETag names it"""
    name_zh: str
    """What it is called in Chinese"""
    name_en: str
    """What it is called in English"""
    contact: str
    """Who is asked for help"""
    signatures: list[str]
    """Texts that stand in its errors"""


async def handlers(request: Request) -> SystemHandlers:
    found: SystemHandlers = request.app.state.service.systems
    return found


Handlers = Annotated[SystemHandlers, Depends(handlers)]
MayRead = Annotated[Caller, may("third_party_system:read")]
MayManage = Annotated[Caller, may("third_party_system:manage")]


def shown(system: ThirdPartySystem, response: Response) -> SystemView:
    tagged(response, system)
    return SystemView.model_validate(system)


@router.get("")
async def list_third_party_systems(systems: Handlers, _: MayRead) -> Page[SystemView]:
    """All third-party systems by name, on one page."""
    return Page(items=[SystemView.model_validate(one) for one in await systems.all()])


@router.get("/{system}")
async def read_third_party_system(system: Id, systems: Handlers, _: MayRead, response: Response) -> SystemView:
    """A third-party system, and what its errors are recognised by."""
    return shown(await systems.store.get(system), response)


@router.put("/{system}")
async def put_third_party_system(
    system: Id, body: SystemBody, systems: Handlers, caller: MayManage, response: Response
) -> SystemView:
    """Enter a third-party system, or change what its errors are recognised by."""
    return shown(await systems.put(system, Signatures(**body.model_dump()), caller.origin), response)


@router.delete("/{system}")
async def remove_third_party_system(system: Id, systems: Handlers, _: MayManage, response: Response) -> SystemView:
    """Forget it; analyses that name it stay as they are. Answers with what it was."""
    return shown(await systems.remove(system), response)
