"""What a result shows of a text."""

from shared.search.snippets import LENGTH, MAX_MARKS, snippet
from shared.search.words import words_of


def shown(question: str, *texts: tuple[str, str]) -> tuple[str, list[str]] | None:
    found = snippet(texts, words_of(question, 200))
    return (found.field, [found.text[begin:end] for begin, end in found.marks]) if found else None


def test_the_text_with_most_of_the_words_is_shown() -> None:
    texts = ("title", "打印失败"), ("description", "Excel 导出失败"), ("message", "导出 失败 EXCEL")
    assert shown("失败", *texts) == ("title", ["失败"])
    assert shown("excel 失败", *texts) == ("description", ["Excel", "失败"])
    assert shown("乱码", *texts) is None
    assert shown("exports", ("title", "the export")) == ("title", ["export"])
    assert shown("", *texts) is None


def test_a_long_text_is_cut_around_the_words() -> None:
    found = snippet([("message", "开头" * 3000 + "\n导出失败\n" + "结尾" * 3000)], words_of("导出失败", 200))
    assert found
    assert len(found.text) <= LENGTH
    assert [found.text[begin:end] for begin, end in found.marks] == ["导出失败"]
    assert "\n" not in found.text


def test_marks_do_not_overlap_and_are_bounded() -> None:
    found = snippet([("title", "aaa " * 40)], words_of("a aa aaa", 200))
    assert found
    assert len(found.marks) <= MAX_MARKS
    assert all(one[1] <= two[0] for one, two in zip(found.marks, found.marks[1:], strict=False))


def test_characters_that_are_longer_in_lower_case_move_no_mark() -> None:
    found = snippet([("title", "İİİ Export <b>导出</b>")], words_of("export 导出", 200))
    assert found
    assert [found.text[begin:end] for begin, end in found.marks] == ["Export", "导出"]
    assert "<b>" in found.text  # a text, which whoever shows it escapes
