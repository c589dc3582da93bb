"""Which titles look alike."""

import pytest

from services.intake.deflection.similar import MOST, similar


def alike(title: str, *titles: str) -> list[str]:
    return [row["problem"]["title"] for row in similar([{"problem": {"title": one}} for one in titles], title)]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("V3.2 在 Win11 上导出 Excel 时崩溃", "Win11 导出 Excel 崩溃", True),
        ("导出报表失败", "报表导出后失败", True),
        ("打印机在 Win11 上没有反应", "Win11 导出 Excel 崩溃", False),
        ("Export to Excel fails", "excel EXPORT fails again", True),
        ("Login is slow", "Export fails", False),
        ("", "", False),
        ("！？", "！？", False),
    ],
)
def test_titles_that_share_words_are_alike(one: str, other: str, expected: bool) -> None:
    assert alike(one, other) == ([other] if expected else [])
    assert alike(other, one) == ([one] if expected else [])


def test_the_most_alike_come_first_and_they_are_few() -> None:
    found = alike("导出 报表 失败", *(f"导出 报表 {n}" for n in range(9)), "导出 报表 失败")
    assert (found[0], len(found)) == ("导出 报表 失败", MOST)
