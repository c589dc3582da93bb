"""What a review says, and how it looks as page, tables and PDF."""

import csv
import io
import re
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from defusedxml import ElementTree

from services.sla.reviews.content import Period, periods
from services.sla.reviews.domain import AlreadyPublished, NotMadeYet, Review, State, digest_of
from services.sla.reviews.exports import as_csv, as_page
from services.sla.reviews.pdf import NoPdf, printed
from shared.events.sla_reviews import SlaReviewMade, SlaReviewPublished
from shared.testing import NOON
from tests.sla.reviews.samples import EXPORT, HURT, MARCH, march, review

SHANGHAI = ZoneInfo("Asia/Shanghai")
SVG = re.compile(r"<svg.*?</svg>", re.DOTALL)
WORDS = {
    "zh": ("服务复盘", "高频问题", "功能类", "−40%"),
    "en": ("Service review", "Frequent problems", "Function", "−40\u00a0%"),
}


def test_months_are_compared_with_months_and_other_ranges_with_as_many_days() -> None:
    assert periods(*MARCH)[0] == Period(date(2025, 10, 1), date(2025, 11, 1))
    assert periods(*MARCH)[-2:] == [Period(date(2026, 2, 1), date(2026, 3, 1)), MARCH]
    quarter = periods(date(2026, 1, 1), date(2026, 4, 1))
    assert quarter == [Period(date(2025, 10, 1), date(2026, 1, 1)), Period(date(2026, 1, 1), date(2026, 4, 1))]
    week = periods(date(2026, 3, 9), date(2026, 3, 16))
    assert len(week) == 6
    assert week[-2] == Period(date(2026, 3, 2), date(2026, 3, 9))


def test_frequent_problems_come_with_their_trend() -> None:
    made = march()
    export = next(one for one in made.problems if one.value == EXPORT)
    assert (export.tickets, export.trend) == (45, [120, 105, 90, 75, 60, 45])
    assert export.change == pytest.approx(45 / 31 / (60 / 28) - 1, abs=1e-4)
    assert export.share == pytest.approx(45 / 330, abs=1e-4)
    assert "" not in {one.value for one in made.problems}
    assert [one.value for one in made.problems if one.dimension == "category"] == ["function", "operation", "data"]


def test_an_improvement_is_measured_by_tickets_a_day() -> None:
    [since] = march().improvements
    assert since.measured.change == pytest.approx(45 / 31 / (68 / 28) - 1, abs=1e-4)


def test_a_review_that_is_published_no_longer_changes() -> None:
    planned = Review(id="2026-03", since=MARCH.since, until=MARCH.until, due_at=NOON)
    with pytest.raises(NotMadeYet):
        planned.publish("l-qian", NOON)
    [made] = planned.make(march(), NOON)
    [published] = planned.publish("l-qian", NOON)
    assert isinstance(made, SlaReviewMade)
    assert isinstance(published, SlaReviewPublished)
    assert published.digest == digest_of(march()) == planned.digest
    other = march().model_copy(update={"problems": []})
    assert digest_of(other) != planned.digest
    with pytest.raises(AlreadyPublished):
        planned.make(other, NOON)
    with pytest.raises(AlreadyPublished):
        planned.publish("l-qian", NOON)
    assert (planned.state, planned.content) == (State.PUBLISHED, march())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_shows_charts_that_are_told_in_words_and_in_tables(language: str) -> None:
    page = as_page(review(), language, SHANGHAI)
    assert [word for word in WORDS[language] if word not in page] == []
    charts = [ElementTree.fromstring(chart) for chart in SVG.findall(page)]
    assert len(charts) == 5
    for chart in charts:
        found = {one.attrib["id"]: one.text for one in chart.iter() if "id" in one.attrib}
        assert all(found[id] for id in chart.attrib["aria-labelledby"].split())
        assert chart.attrib["role"] == "img"
    assert page.count("<table>") > len(charts)


def test_what_people_wrote_is_text_on_the_page() -> None:
    page = as_page(review(), "zh", SHANGHAI)
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_csv_has_every_table_and_no_formula() -> None:
    text = as_csv(review(), "en")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert text.startswith("\ufeff")
    assert ["Tickets opened", "330", "300"] in rows
    assert [HURT, "20"] in [row[:2] for row in rows]
    [improvement] = [row for row in rows if row[:1] == ["导出改为分批写入"]]
    assert improvement[1:5] == [EXPORT, "e-chen", "2026-03-20", "Open"]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


async def test_the_pdf_is_made_from_the_page_or_it_is_said_what_to_do_instead() -> None:
    """The library that lays out text is the system's: where it is missing, a browser prints the page."""
    try:
        made = await printed(as_page(review(), "zh", SHANGHAI))
    except NoPdf as refusal:
        made = refusal.detail.en.encode()
    assert made.startswith(b"%PDF-") or b"docs/figures.md" in made


async def test_a_pdf_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(NoPdf):
        await printed(as_page(review(), "en", SHANGHAI), seconds=0.0)
