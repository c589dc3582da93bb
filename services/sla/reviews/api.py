"""Reviews over HTTP."""

from enum import StrEnum
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request, Response

from services.sla.improvements.shown import ImprovementView, NewImprovement
from services.sla.reviews.exports import as_csv, as_page
from services.sla.reviews.handlers import ReviewHandlers
from services.sla.reviews.pdf import printed
from services.sla.reviews.views import NewReview, ReviewHead, ReviewView
from shared.http import After, Caller, Limit, Page, may, tagged
from shared.terms import Id

DOCUMENT: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "text/html": {},
            "text/csv": {},
            "application/pdf": {"schema": {"type": "string", "format": "binary"}},
        }
    }
}

router = APIRouter(prefix="/v1/reviews", tags=["reviews"])
MayRead = Annotated[Caller, may("review:read")]
MayMake = Annotated[Caller, may("review:make")]
# A page that fetches nothing and runs nothing, whatever stands in it.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class Format(StrEnum):
    HTML = "html"
    PDF = "pdf"
    CSV = "csv"


class Language(StrEnum):
    ZH = "zh"
    EN = "en"


async def handlers(request: Request) -> ReviewHandlers:
    found: ReviewHandlers = request.app.state.service.reviews
    return found


Handlers = Annotated[ReviewHandlers, Depends(handlers)]


@router.get("")
async def list_reviews(reviews: Handlers, _: MayRead, after: After = None, limit: Limit = 50) -> Page[ReviewHead]:
    """Those that were made, the newest first."""
    found, next = await reviews.store.page({}, reviews.store.newest_first, after, limit)
    return Page(items=[ReviewHead.model_validate(one) for one in found], next=next)


@router.post("", status_code=201)
async def make_review(body: NewReview, reviews: Handlers, caller: MayMake, response: Response) -> ReviewView:
    """Of the tickets opened in any range of days; that of each month is made by itself on the first of the next."""
    review = await reviews.make(body.since, body.until, caller.origin)
    tagged(response, review)
    return ReviewView.of(review)


@router.get("/{review}")
async def read_review(review: Id, reviews: Handlers, _: MayRead, response: Response) -> ReviewView:
    """With all that it says."""
    found = await reviews.store.get(review)
    tagged(response, found)
    return ReviewView.of(found)


@router.get("/{review}/document", response_class=Response, responses=DOCUMENT)
async def read_review_document(
    review: Id,
    reviews: Handlers,
    caller: MayRead,
    format: Annotated[Format, Query(description="A page to print, the PDF made from it, or tables as CSV")],
    language: Annotated[Language | None, Query(description="By default that of the request")] = None,
) -> Response:
    """The whole review, as people pass it on."""
    found = await reviews.store.get(review)
    words = language.value if language else caller.language
    if format is Format.CSV:
        return _file(as_csv(found, words).encode(), "text/csv; charset=utf-8", f"{found.id}.csv")
    page = as_page(found, words, ZoneInfo(reviews.calendars.catalog.zone()))
    if format is Format.PDF:
        return _file(await printed(page), "application/pdf", f"{found.id}-{words}.pdf")
    return Response(page, media_type="text/html; charset=utf-8", headers={"Content-Security-Policy": POLICY})


@router.put("/{review}/content")
async def make_review_again(review: Id, reviews: Handlers, caller: MayMake, response: Response) -> ReviewView:
    """With what is known now, as long as it is not published."""
    found = await reviews.make_again(review, caller.origin)
    tagged(response, found)
    return ReviewView.of(found)


@router.post("/{review}/publication")
async def publish_review(review: Id, reviews: Handlers, caller: MayMake, response: Response) -> ReviewView:
    """From now on it stays as it is."""
    found = await reviews.publish(review, caller.origin)
    tagged(response, found)
    return ReviewView.of(found)


@router.post("/{review}/improvements", status_code=201)
async def raise_improvement(
    review: Id, body: NewImprovement, reviews: Handlers, caller: MayMake, response: Response
) -> ImprovementView:
    """An entry of the review becomes an improvement: its owner is told, reminded, and the next reviews measure it."""
    asked = body.dimension, body.value, body.kind, body.title, body.owner, body.due_on
    made = await reviews.improve(review, *asked, caller.origin)
    tagged(response, made)
    return ImprovementView.of(made, caller.language)


def _file(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
