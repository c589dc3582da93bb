"""The files of the staff console, for everybody: they say nothing that is not public."""

from functools import cache

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, PlainTextResponse

from services.intake.console.files import HEADERS, find
from services.intake.console.settings import ConsoleSettings
from shared.http.language import language_of
from shared.terms import Text

router = APIRouter(prefix="/console", include_in_schema=False)
NOT_BUILT = Text(
    "The staff console is not built here yet: run `make console`, then load this page again.\n",
    "此处尚未构建客服工作台：请运行 `make console`，然后重新加载本页。\n",
)


@cache
def settings() -> ConsoleSettings:
    return ConsoleSettings()


@router.get("")
@router.get("/{name:path}")
async def read_file(request: Request, name: str = "") -> Response:
    """A file, or the page. It is looked for with each request: a build may end while this runs."""
    found = find(settings().folder, name, request.headers.get("accept-encoding", ""))
    if found:
        return FileResponse(found.path, media_type=found.media_type, headers=found.headers)
    if name.startswith("assets/"):
        return PlainTextResponse("not found\n", 404, HEADERS)
    return PlainTextResponse(NOT_BUILT.in_(language_of(request)), 503, {**HEADERS, "Retry-After": "30"})
