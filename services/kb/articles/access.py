"""How routes reach articles and their files, those of other nouns too."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Request
from fastapi.responses import StreamingResponse

from services.kb.articles.domain import Article
from services.kb.articles.files import SHOWN, ArticleFiles
from services.kb.articles.handlers import ArticleHandlers
from services.kb.articles.tickets import KnownTickets

SAVED = "application/octet-stream"
BINARY = {"schema": {"type": "string", "format": "binary"}}
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {one: BINARY for one in (SAVED, *sorted(SHOWN))}}}


async def handlers(request: Request) -> ArticleHandlers:
    found: ArticleHandlers = request.app.state.service.articles
    return found


async def files_of(request: Request) -> ArticleFiles:
    found: ArticleFiles = request.app.state.service.files
    return found


async def known_tickets(request: Request) -> KnownTickets:
    found: KnownTickets = request.app.state.service.tickets
    return found


Tickets = Annotated[KnownTickets, Depends(known_tickets)]
OfArticles = Annotated[ArticleFiles, Depends(files_of)]
Handlers = Annotated[ArticleHandlers, Depends(handlers)]


async def sent(files: ArticleFiles, article: Article, attachment: str) -> StreamingResponse:
    """A picture may stand in a page; anything else is only saved. Neither can act. Raises NotFound."""
    found, chunks = await files.read(article, attachment)
    is_shown = found.media_type in SHOWN
    headers = {
        "Content-Disposition": f"{'inline' if is_shown else 'attachment'}; filename*=UTF-8''{quote(found.name)}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Length": str(found.size),
    }
    media_type = found.media_type if is_shown else SAVED
    return StreamingResponse(chunks, headers=headers, media_type=media_type)
