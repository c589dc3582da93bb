"""Imports and exports of articles over HTTP, for editors."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from services.kb.articles.content import Audience
from services.kb.transfer.domain import ArticleFormat
from services.kb.transfer.handlers import TransferHandlers
from shared.http import Caller, may
from shared.http.imports import ImportReport
from shared.uploads.multipart import BODY, chunks_of, uploaded

router = APIRouter(prefix="/v1", tags=["article transfer"])
ZIP: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
}


async def handlers(request: Request) -> TransferHandlers:
    found: TransferHandlers = request.app.state.service.transfer
    return found


Transfer = Annotated[TransferHandlers, Depends(handlers)]
MayExport = Annotated[Caller, may("article:export")]
Open = Annotated[Audience, Query(description="Articles that these people may read")]


@router.post("/article-imports", openapi_extra=BODY)
async def import_articles(
    transfer: Transfer,
    caller: Annotated[Caller, may("article:import")],
    request: Request,
    format: Annotated[ArticleFormat, Query(description="What the file is")],
    dry_run: Annotated[bool, Query(description="Only say what would become of each article")] = True,
) -> ImportReport:
    """Take over articles: a zip file of Markdown documents with front matter, or another desk's JSON, of at most 20 MB.
    Each becomes a draft, which somebody else approves. The same again changes nothing; what has changed there becomes a
    new revision. Without `dry_run=false` nothing is written."""
    async with uploaded(request) as (file, _):
        rows = await transfer.take_over(format, chunks_of(file), dry_run, caller.origin)
    return ImportReport.of(rows, dry_run, caller.language)


@router.get("/article-exports/markdown", response_class=Response, responses=ZIP)
async def export_articles_as_markdown(transfer: Transfer, _: MayExport, audience: Open = Audience.INTERNAL) -> Response:
    """The published articles as a zip file of Markdown documents with front matter, and their files."""
    return _zip(await transfer.markdown(audience), "articles.zip")


@router.get("/article-exports/site", response_class=Response, responses=ZIP)
async def export_articles_as_site(
    transfer: Transfer,
    _: MayExport,
    audience: Open = Audience.PUBLIC,
    title: Annotated[str, Query(max_length=80, description="What the site is called")] = "",
) -> Response:
    """The published articles as a zip file of pages in Chinese and English, with a search of their own. They need no
    server and load nothing from elsewhere."""
    return _zip(await transfer.site(audience, title), "site.zip")


def _zip(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": "sandbox"}
    return Response(content, media_type="application/octet-stream", headers=headers)
