"""Files of articles over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from services.kb.articles.access import FILE, Handlers, OfArticles, sent
from services.kb.articles.api import Reader, shown
from services.kb.articles.views import ArticleView
from shared.http import Caller, may
from shared.terms import Id
from shared.uploads.multipart import BODY, chunks_of, uploaded

router = APIRouter(prefix="/v1/articles/{article}/attachments", tags=["articles"])


@router.post("", status_code=201, openapi_extra=BODY)
async def add_article_file(
    article: Id,
    files: OfArticles,
    articles: Handlers,
    caller: Annotated[Caller, may("article:write")],
    response: Response,
    request: Request,
) -> ArticleView:
    """Add a file of at most 10 MB. A text shows a picture as `![what it shows](files/<id>)`; the same content twice is
    one file."""
    await articles.store.get(article)  # before the body is read
    async with uploaded(request) as (file, name):
        return shown(await files.add(article, name, chunks_of(file), caller.origin), response)


@router.get("/{article_file}", response_class=StreamingResponse, responses=FILE)
async def read_article_file(
    article: Id, article_file: Id, files: OfArticles, articles: Handlers, _: Reader
) -> StreamingResponse:
    """Download a file of an article."""
    return await sent(files, await articles.store.get(article), article_file)
