"""The reference over HTTP, for everybody: it says no more than the documents that go with each release."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from services.notify.reference.pages import ASSETS, DOCUMENTS, POLICY, events, rest
from shared.domain import NotFound
from shared.http.language import language_of

router = APIRouter(prefix="/docs", include_in_schema=False)
HEADERS = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer", "Cache-Control": "no-cache"}


@router.get("")
async def show_rest_reference(request: Request) -> HTMLResponse:
    return page(request, rest)


@router.get("/events")
async def show_event_reference(request: Request) -> HTMLResponse:
    return page(request, events)


def page(request: Request, made: Callable[[str], str]) -> HTMLResponse:
    language = language_of(request)
    return HTMLResponse(made(language), headers={**HEADERS, "Content-Language": language})


@router.get("/openapi.json")
async def read_openapi() -> FileResponse:
    return FileResponse(DOCUMENTS / "openapi.json", headers=HEADERS)


@router.get("/asyncapi.json")
async def read_asyncapi() -> FileResponse:
    return FileResponse(DOCUMENTS / "asyncapi.json", headers=HEADERS)


@router.get("/assets/{name}")
async def read_asset(name: str) -> Response:
    asset = ASSETS.get(name)
    if asset is None:
        raise NotFound(f"there is no {name}", f"没有 {name}")
    if asset.text:
        return Response(asset.text, headers=HEADERS, media_type=asset.media_type)
    return FileResponse(asset.file(name), headers=HEADERS, media_type=asset.media_type)
