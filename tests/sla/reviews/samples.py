"""A review with something in each of its parts."""

from collections import Counter
from datetime import date

from services.sla.figures.counting import bucket
from services.sla.improvements.domain import Baseline, Improvement, Kind
from services.sla.reviews.content import PERIODS, Added, Period, ReviewContent, content, periods
from services.sla.reviews.domain import Review
from shared.testing import NOON

MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
EXPORT = "极速交易 · 导出"
HURT = '<script>alert("x")</script> & 很长很长的模块名称一直写到页面之外也没有结束'


def month(tickets: int) -> Counter[str]:
    late = tickets // 8
    counted = {
        "opened": tickets,
        "resolved": tickets - tickets // 6,
        "unsolved": tickets // 6,
        "completed": tickets - tickets // 6,
        "reopened": tickets // 20,
        "rejected": tickets // 11,
        "failed": tickets // 9,
        "consulted": tickets // 15,
        "satisfaction:satisfied": tickets // 2,
        "satisfaction:neutral": tickets // 7,
        "satisfaction:dissatisfied": tickets // 12,
        "cause:沟通慢": tickets // 20,
        "cause:问题未真正解决": tickets // 30,
        "outcome:solved": tickets - tickets // 6,
        "outcome:cancelled": tickets // 25,
        "outcome:duplicate": tickets // 18,
    }
    for kind, seconds in (("response", 1800), ("resolution", 14_400), ("diagnosis", 5400), ("call_back", 20_000)):
        counted |= {
            f"{kind}:due": tickets,
            f"{kind}:met": tickets - late,
            f"{kind}:within": tickets - late,
            f"{kind}:breached": late,
            f"{kind}:ms": (tickets - late) * seconds * 1000,
            f"{kind}:took:{bucket(seconds * 1000)}": tickets - late,
            f"{kind}:why:unassigned": late // 2,
            f"{kind}:why:handling": late - late // 2,
        }
    return +Counter(counted)


def counted() -> dict[str, list[Added]]:
    """From the oldest period to March, a little more each month, of everything but the export."""
    sizes = [180 + 30 * place for place in range(PERIODS)]
    parts: dict[str, list[Added]] = {
        "all": [{"all": month(size)} for size in sizes],
        "category": [
            {"function": month(size // 2), "operation": month(size // 3), "data": month(size // 6)} for size in sizes
        ],
        "module": [{EXPORT: month(120 - 15 * place), HURT: month(20), "": month(9)} for place, _ in enumerate(sizes)],
        "fingerprint": [{} for _ in sizes],
        "tag": [{"Win11": month(40), "Excel导出": month(55), "V3.2": month(33)} for _ in sizes],
    }
    return parts


def improvement(**more: object) -> Improvement:
    known = {
        "id": "imp-1",
        "kind": Kind.PRODUCT_FIX,
        "title": "导出改为分批写入",
        "review": "2026-02",
        "baseline": Baseline(dimension="module", value=EXPORT, tickets=68, days=28),
        "owner": "e-chen",
        "due_on": date(2026, 3, 20),
        "raised_by": "l-qian",
        "raised_at": NOON,
    }
    return Improvement.model_validate({**known, **more})


def march() -> ReviewContent:
    return content(periods(*MARCH), counted(), [improvement()])


def review() -> Review:
    new = Review(id="2026-03", since=MARCH.since, until=MARCH.until, due_at=NOON)
    new.make(march(), NOON)
    return new
