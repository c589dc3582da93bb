"""What an article would look like, before anything of it is kept."""

from typing import Annotated

from fastapi import APIRouter

from services.kb.articles.access import Handlers
from services.kb.articles.markdown import html_of
from shared.http import Body, Caller, View, example, may
from shared.terms import Id, OptionalParagraph
from shared.texts import off_loop

router = APIRouter(prefix="/v1/article-previews", tags=["articles"])


class ArticlePreviewBody(Body):
    """Texts as they are being written."""

    model_config = example(problem="The program **closes** while it writes the file.", solution="Install patch V3.2.1.")

    problem: OptionalParagraph = ""
    """How it shows"""
    root_cause: OptionalParagraph = ""
    """Why it happens"""
    solution: OptionalParagraph = ""
    """What to do"""
    article: Id | None = None
    """Whose files the texts show; not given: they show none"""


class ArticlePreview(View):
    """The texts as HTML that is safe to show."""

    problem: str
    """How it shows"""
    root_cause: str
    """Why it happens"""
    solution: str
    """What to do"""


@router.post("")
async def preview_article(
    body: ArticlePreviewBody, articles: Handlers, _: Annotated[Caller, may("article:write")]
) -> ArticlePreview:
    """Render texts as they would be published. Nothing is kept."""
    file_url = articles.file_url(await articles.store.get(body.article)) if body.article else lambda file: ""

    def rendered() -> ArticlePreview:
        return ArticlePreview(
            problem=html_of(body.problem, file_url),
            root_cause=html_of(body.root_cause, file_url),
            solution=html_of(body.solution, file_url),
        )

    return await off_loop(len(body.problem) + len(body.root_cause) + len(body.solution), rendered)
