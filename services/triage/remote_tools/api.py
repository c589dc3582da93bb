"""The list of approved remote tools over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.triage.remote_tools.domain import RemoteTool
from services.triage.remote_tools.handlers import RemoteToolHandlers
from shared.http import Body, Caller, Page, View, example, may, tagged
from shared.terms import Id, Line, YesOrNo

router = APIRouter(prefix="/v1/remote-tools", tags=["remote tools"])


class RemoteToolBody(Body):
    model_config = example(name="ToDesk")

    name: Line
    """What it is called"""
    approved: YesOrNo = True
    """Whether remote sessions may be held with it"""


class RemoteToolView(View):
    id: str
    """Its id"""
    version: int
    """Counts the changes; the ETag names it"""
    name: str
    """What it is called"""
    approved: bool
    """Whether remote sessions may be held with it"""


async def handlers(request: Request) -> RemoteToolHandlers:
    found: RemoteToolHandlers = request.app.state.service.tools
    return found


Handlers = Annotated[RemoteToolHandlers, Depends(handlers)]
MayRead = Annotated[Caller, may("remote_tool:read")]
MayManage = Annotated[Caller, may("remote_tool:manage")]


@router.get("")
async def list_remote_tools(tools: Handlers, _: MayRead) -> Page[RemoteToolView]:
    """All remote tools by name, on one page."""
    return Page(items=[RemoteToolView.model_validate(one) for one in await tools.all()])


@router.get("/{tool}")
async def read_remote_tool(tool: Id, tools: Handlers, _: MayRead, response: Response) -> RemoteToolView:
    """A remote tool."""
    return _shown(await tools.store.get(tool), response)


@router.put("/{tool}")
async def put_remote_tool(
    tool: Id, body: RemoteToolBody, tools: Handlers, caller: MayManage, response: Response
) -> RemoteToolView:
    """Enter a remote tool, approve it, or withdraw the approval: sessions that run go on."""
    return _shown(await tools.put(tool, body.name, body.approved, caller.origin), response)


def _shown(tool: RemoteTool, response: Response) -> RemoteToolView:
    tagged(response, tool)
    return RemoteToolView.model_validate(tool)
