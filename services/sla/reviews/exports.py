"""A review as CSV and as a page that can be printed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from services.sla.reviews.domain import Review
from services.sla.reviews.tables import Tables
from services.sla.reviews.words import word
from shared.cells import BOM, line

ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)


def as_csv(review: Review, language: str) -> str:
    """Table under table, in UTF-8 with a mark by which Excel knows it (RFC 4180); formulas are defused."""
    lines = [BOM]
    for section in Tables(review.made, language).sections():
        for table in section.tables:
            titles = [section.title, table.title] if table.title not in ("", section.title) else [section.title]
            rows: list[Sequence[str]] = [[" · ".join(titles)], table.heads, *table.rows, []]
            lines += [line(row) for row in rows]
    return "".join(lines)


def as_page(review: Review, language: str, zone: ZoneInfo) -> str:
    def at(moment: datetime | None) -> str:
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else ""

    if review.published_at:
        standing = word("published", language, at=at(review.published_at), digest=review.digest)
    else:
        standing = word("draft", language)
    content = review.made
    last = content.until - timedelta(days=1)
    return ENVIRONMENT.get_template("page.html").render(
        language=language,
        title=word("review", language),
        period=word("period", language, first=content.since, last=last),
        made=word("made", language, at=at(review.made_at)),
        standing=standing,
        note=word("note", language),
        nothing=word("none", language),
        sections=Tables(content, language).sections(),
        chart=Markup,
    )
