"""What platforms call. Each request is signed in its platform's way; nobody signs in here."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response

from services.intake.channels.adapter import Call
from services.intake.channels.handlers import ChannelHandlers
from shared.terms import Id

router = APIRouter(prefix="/channels", tags=["channels"])
ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "What the platform expects",
        "content": {kind: {"schema": {"type": "string"}} for kind in ("text/plain", "application/json")},
    },
    403: {"description": "The signature is wrong, or has expired"},
}
BODY = {"requestBody": {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}


async def handlers(request: Request) -> ChannelHandlers:
    found: ChannelHandlers = request.app.state.service.channels
    return found


Handlers = Annotated[ChannelHandlers, Depends(handlers)]
AccountId = Annotated[Id, Path(description="The account, as it is named in the settings")]


@router.get("/{account}", response_class=Response, responses=ANSWER)
async def check_channel(account: AccountId, request: Request, channels: Handlers) -> Response:
    """The platform asks whether the address is ours."""
    return await _answer(account, request, channels)


@router.post("/{account}", response_class=Response, responses=ANSWER, openapi_extra=BODY)
async def receive_channel_message(account: AccountId, request: Request, channels: Handlers) -> Response:
    """The platform delivers a message. It is stored before this is answered; the same one again has no further
    effect."""
    return await _answer(account, request, channels)


async def _answer(account: str, request: Request, channels: ChannelHandlers) -> Response:
    headers = {name.lower(): value for name, value in request.headers.items()}
    call = Call(request.method, dict(request.query_params), headers, await request.body(), channels.now())
    reception = await channels.receive(account, call)
    return Response(reception.answer, media_type=reception.media_type)
