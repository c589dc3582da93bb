"""How texts and questions are cut into terms."""

from collections.abc import Iterator

import pytest

from shared.search.entries import Entry, Wanted
from shared.search.folder import Folder
from shared.search.index import Index
from shared.search.schema import Fields
from shared.search.words import MAX_WORD, MAX_WORDS, terms_of, words_of

MOST = 10_000


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    index = Index(Fields(("text",), ("kind",), ("at",)), Folder(None))
    index.open("")
    yield index
    index.close()


def finds(index: Index, question: str, text: str) -> bool:
    index.replace([Entry("a", 1, {"text": text}, {}, {"at": 1})])
    index.commit()
    words = words_of(question, MOST)
    assert words
    return index.search(Wanted(words, ("text",)), "at", True, None, 5) == ([(1, "a")], 1)


LONG_NAME = "org.springframework.beans.factory.support.NoSuchBeanDefinitionOfThatNameException"
TITLE = "Win11系统Excel导出失败V3.2"


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("导出", TITLE),
        ("出失", TITLE),
        ("导出失败", TITLE),
        ("统", TITLE),
        ("系统 导出", TITLE),
        ("excel", TITLE),
        ("EXCEL导出", TITLE),
        ("Ｅｘｃｅｌ", TITLE),
        ("win11", TITLE),
        ("win 11", TITLE),
        ("v3.2", TITLE),
        ("3.2", TITLE),
        (TITLE, TITLE),
        ("Exc", TITLE),
        ("V3.2", "升级到 V3.2.1 之后"),
        ("3.2", "升级到 V3.2.1 之后"),
        ("TK-2026", "TK-2026-000123"),
        ("0x80070005", "error 0x80070005 (access denied)"),
        ("80070005", "error 0x80070005 (access denied)"),
        ("0X8007", "error 0x80070005"),
        ("TK-2026-000123", "TK-2026-000123"),
        ("tk-2026-000123", "TK-2026-000123"),
        ("2026-000123", "TK-2026-000123"),
        ("000123", "TK-2026-000123"),
        ("123", "TK-2026-000123"),
        ("13800138000", "电话 138-0013-8000。"),
        ("138 0013 8000", "电话13800138000"),
        ("+86 138 0013 8000", "138-0013-8000"),
        ("138-0013-8000", "+8613800138000"),
        ("8000", "138 0013 8000"),
        ("010-65521234", "+86 (10) 6552 1234"),
        ("65521234", "010-6552 1234"),
        ("wang@huadong.example", "mail wang@huadong.example,"),
        ("huadong", "wang@huadong.example"),
        ("huadong.example", "wang@huadong.example"),
        ("IllegalStateException", "java.lang.IllegalStateException: x"),
        ("StateException", "java.lang.IllegalStateException: x"),
        ("illegal state", "java.lang.IllegalStateException: x"),
        ("exports", "the export failed"),
        ("export", "while exporting"),
        ("exporting", "two exports"),
        ("printer", "Printers are offline"),
        ("한국어", "이것은 한국어입니다"),
        ("エラー", "起動時エラー発生"),
        ("C++", "升级 C++ 运行库后报错"),
        ("C#", "C#项目"),
        ("C", "用C语言"),
        ("F#", "an F# script"),
        ("nodejs", "Node.js 18"),
        ("Node.js", "nodejs 18"),
        ("dotnet", "the .NET runtime"),
        (".NET", "dotnet 8"),
        ("aspnet", "ASP.NET"),
        (LONG_NAME, f"threw {LONG_NAME}: x"),
        (f"{LONG_NAME}s" * 9, f"threw {LONG_NAME * 0}{(LONG_NAME + 's') * 9}"),
    ],
)
def test_a_question_finds_a_text(index: Index, question: str, text: str) -> None:
    assert finds(index, question, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("出导", TITLE),
        ("导失", TITLE),
        ("导出失败", "导出，失败"),
        ("导出 打印", TITLE),
        ("V3.3", TITLE),
        ("cel", TITLE),
        ("900", "13800138000"),
        ("13900138000", "13800138000"),
        ("TK-2026-000124", "TK-2026-000123"),
        ("C", "C++ and C#"),
        ("C#", "C++ and C"),
        ("C++", "C# and C"),
        ("dotnet", "example.net"),
        (f"{LONG_NAME}Again", LONG_NAME),
    ],
)
def test_a_question_does_not_find_what_is_not_there(index: Index, question: str, text: str) -> None:
    assert not finds(index, question, text)


@pytest.mark.parametrize("character", [chr(n) for n in range(33, 127) if not chr(n).isalnum()] + ["\x00", "\ud800"])
def test_no_character_has_a_meaning_of_its_own(index: Index, character: str) -> None:
    question = f"{character}导出{character} AND{character} OR text:x{character}*"
    words = words_of(question, MOST)
    assert index.search(Wanted(words, ("text",)), "at", True, None, 5) == ([], 0)
    assert finds(index, f"导出{character}", f"{character}导出{character}")


@pytest.mark.parametrize("question", ["", " ", "!!!", "。，；", "\x00\x01", "()[]{}*?\\"])
def test_no_words_are_no_words(question: str) -> None:
    assert words_of(question, MOST) == []


def test_a_question_ends_somewhere() -> None:
    assert len(words_of("x1 导出 " * 50_000 + "".join(f" w{n}" for n in range(100)), 1_000_000)) <= MAX_WORDS
    assert words_of("导出" * 100, 4) == words_of("导出导出", 4)


def test_terms_are_bounded_by_the_text() -> None:
    for text in (
        "a" * 50_000,
        "a-" * 25_000,
        "aB1" * 20_000,
        "导出" * 25_000,
        "1" * 50_000,
        "1 " * 25_000,
        "\u0301" * 9000,
    ):
        terms = terms_of(text, 64_000)
        assert all(len(term) <= MAX_WORD for term in terms.split())
        assert len(terms) < 40 * len(text) + 1000
