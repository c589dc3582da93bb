"""Documents, exports of other desks and archives, the harmless and the other kind."""

import io
import struct
import zipfile
from hashlib import sha256
from typing import Any

import pytest

from services.kb.articles.article_text import ArticleText
from services.kb.articles.content import ArticleFile, Audience, Content
from services.kb.transfer.archive import FILE_BYTES, MOST_FILES, packed, texts_in
from services.kb.transfer.documents import document_of, facts_of
from services.kb.transfer.from_html import markdown_of
from services.kb.transfer.linked_files import LinkedFile, named_in, settled
from services.kb.transfer.other_desks import zammad, zendesk
from shared.domain import Invalid
from shared.testing import NOON

FULL = Content(
    title='He said: "export, now" \\ 导出',
    problem="点击导出\n\n```\n# no heading\n```",
    root_cause="内存不足",
    solution="## 步骤\n\n1. 升级",
    tags=["Excel导出", "a, b", 'c"d'],
    affected_versions=["V3.2"],
    fixed_versions=["V3.2.1", "V3.3"],
    product="进销存",
    audience=Audience.PUBLIC,
)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_written_is_read_again(language: str) -> None:
    facts = facts_of(document_of(FULL, language), "name")
    assert ArticleText.model_validate(facts).content() == FULL


@pytest.mark.parametrize(
    ("problem", "cause", "solution"),
    [
        ("p", "", "Do this\n\n## Cause\n\nIt was full\n\n## Solution\n\nEmpty it"),
        ("p\n\n# 解决办法\n\n试过重启", "c", "s\n\n ## 原因\n\n   # Problem\nx"),
        ("p", "c\n\n~~~\n# Solution\n~~~\n# Fix ##", "```\n# Cause\n```\n\n# Cause:"),
        ("Cause\n# cause\n# Cause", "# Problem of it", "# Problem\n# Problem"),
    ],
    ids=["below", "before", "code", "names"],
)
def test_headings_of_a_text_stay_in_it_whatever_they_name(problem: str, cause: str, solution: str) -> None:
    content = FULL.model_copy(update={"problem": problem, "root_cause": cause, "solution": solution})
    for language in ("zh", "en"):
        assert ArticleText.model_validate(facts_of(document_of(content, language), "name")).content() == content


def test_code_that_nobody_ended_ends_with_its_part() -> None:
    content = FULL.model_copy(update={"problem": "see\n```\nlog", "root_cause": "~~~\n# Solution", "solution": "s"})
    facts = facts_of(document_of(content, "en"), "name")
    assert facts["problem"] == "see\n```\nlog\n```"
    assert (facts["root_cause"], facts["solution"]) == ("~~~\n# Solution\n~~~", "s")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Title\n\nDo this.", {"title": "Title", "problem": "Title", "solution": "Do this."}),
        ("Only text", {"title": "file", "problem": "file", "solution": "Only text"}),
        (
            "---\ntitle: T\ntags:\n  - a\n  - b\n---\n## Symptoms\nx\n## 解决方案\ny",
            {"title": "T", "problem": "x", "solution": "y", "tags": ["a", "b"]},
        ),
        ("---\ntitle: T\nno end", {"title": "file", "problem": "file", "solution": "---\ntitle: T\nno end"}),
        ("---\ntags: a，b\n---\n# T\ns", {"title": "T", "problem": "T", "solution": "s", "tags": ["a", "b"]}),
    ],
)
def test_documents_as_people_write_them(text: str, expected: dict[str, Any]) -> None:
    assert facts_of(text, "file") == expected


def test_a_bomb_of_yaml_is_a_text() -> None:
    bomb = "---\na: &a [x, x]\n" + "".join(f"b{n}: [*a, *a, *a, *a]\n" for n in range(60)) + "---\nhello"
    assert facts_of(bomb, "file")["solution"] == "hello"


def a_zip(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return target.getvalue()


def test_texts_are_read_in_order_and_nothing_else() -> None:
    content = a_zip(
        ("b/two.md", "二".encode()),
        ("a/one.markdown", b"\xef\xbb\xbfone"),
        ("../../etc/passwd", b"x"),
        ("__MACOSX/a.md", b"x"),
        (".git/b.md", b"x"),
        ("picture.png", b"x"),
        ("latin.md", b"\xe9\xe8"),
        ("long.md", b"x" * (FILE_BYTES + 1)),
    )
    assert list(texts_in(content, (".md", ".markdown"))) == [
        ("a/one.markdown", "one"),
        ("b/two.md", "二"),
        ("latin.md", None),
        ("long.md", None),
    ]
    assert list(texts_in(packed({"x.md": b"y"}), (".md",))) == [("x.md", "y")]


def test_a_zip_bomb_is_not_unpacked() -> None:
    bomb = a_zip(*((f"{n}.md", b"\0" * (FILE_BYTES * 10)) for n in range(400)))
    assert len(bomb) < 1_500_000
    with pytest.raises(Invalid, match="50 MB"):
        list(texts_in(bomb, (".md",)))


def test_what_lies_of_its_size_is_no_larger_for_it() -> None:
    honest = a_zip(("a.md", b"x" * (FILE_BYTES * 5)))
    at = honest.index(b"PK\x01\x02") + 24
    lying = honest[:at] + struct.pack("<I", 10) + honest[at + 4 :]
    with_texts: list[Any] = []
    try:
        with_texts = list(texts_in(lying, (".md",)))
    except Invalid:
        return
    assert all(text is None or len(text) <= FILE_BYTES for _, text in with_texts)


@pytest.mark.parametrize(
    "sent",
    [b"", b"no zip", a_zip(("a.md", b"hello" * 100))[:-30], b"PK\x05\x06" + b"\xff" * 18],
    ids=["nothing", "words", "cut off", "an end alone"],
)
def test_what_is_no_zip_is_refused(sent: bytes) -> None:
    with pytest.raises(Invalid):
        list(texts_in(sent, (".md",)))


def test_too_many_files_are_refused() -> None:
    with pytest.raises(Invalid, match=str(MOST_FILES)):
        list(texts_in(a_zip(*((f"{n}.md", b"") for n in range(MOST_FILES + 1))), (".md",)))


def test_html_becomes_markdown_and_what_could_act_is_gone() -> None:
    html = (
        "<h2>Steps</h2><ol><li>First <b>bold</b></li><li>Second<ul><li>deep</li></ul></li></ol>"
        '<p>See <a href="https://example.com/x">here</a> or <a href="javascript:alert(1)">not</a></p>'
        "<pre>a  &lt; b\n*</pre><script>alert(1)</script><p>1 * 2 &lt;script&gt;</p>"
    )
    assert markdown_of(html) == (
        "## Steps\n\n1. First **bold**\n2. Second\n\n   - deep\n\nSee [here](https://example.com/x) or not\n\n"
        "```\na  < b\n*\n```\n\n1 \\* 2 \\<script\\>"
    )


@pytest.mark.parametrize("piece", ["<ul><li>", "<!--x-->", "<p", "&lt;", "<a>"])
def test_what_never_ends_is_read_to_its_end(piece: str) -> None:
    """Within the suite's time limit, which a parser that looks ahead each time would pass by far."""
    assert "end" in markdown_of(piece * 20_000 + " end>end")


def test_the_knowledge_base_of_zammad() -> None:
    assets = {
        "KnowledgeBaseAnswer": {
            "1": {"id": 1, "published_at": "2026-01-01T00:00:00Z"},
            "2": {"id": 2, "internal_at": "2026-01-01T00:00:00Z"},
            "3": {"id": 3, "published_at": "2026-01-01T00:00:00Z", "archived_at": "2026-02-01T00:00:00Z"},
        },
        "KnowledgeBaseAnswerTranslation": {
            "11": {"id": 11, "answer_id": 1, "title": "Export", "content_id": 21},
            "12": {"id": 12, "answer_id": 2, "title": "内部", "content_id": 22},
            "13": {"id": 13, "answer_id": 3, "title": "old", "content_id": 23},
        },
        "KnowledgeBaseAnswerTranslationContent": {"21": {"body": "<p>Do it</p>"}, "22": {"body": "<p>不外传</p>"}},
    }
    expected = [("11", "Export", "Do it", "public"), ("12", "内部", "不外传", "internal")]
    for data in (assets, {"assets": assets}):
        found = [(key, one["title"], one["solution"], one["audience"]) for key, one in zammad(data)]
        assert found == expected
    with pytest.raises(Invalid):
        list(zammad({"tickets": []}))


def test_the_help_center_of_zendesk() -> None:
    one = {"id": 7, "locale": "en-us", "title": "T", "body": "<p>B</p>", "label_names": ["x"], "draft": False}
    rows = [one, {**one, "id": 8, "draft": True}, {**one, "id": 9, "user_segment_id": 5}, "broken"]
    assert [(key, said["audience"], said["tags"]) for key, said in zendesk({"articles": rows})] == [
        ("7-en-us", "public", ["x"]),
        ("8-en-us", "internal", ["x"]),
        ("9-en-us", "customers", ["x"]),
    ]
    with pytest.raises(Invalid):
        list(zendesk({}))


def known(id: str, content: bytes) -> ArticleFile:
    digest = sha256(content).hexdigest()
    return ArticleFile(id=id, name="a.png", media_type="", size=1, sha256=digest, added_by="e-chen", added_at=NOON)


def test_the_same_content_is_one_file_and_no_name_is_two() -> None:
    own = f"f-{'0' * 20}"
    mine, other = LinkedFile.of("x/a.png", b"A"), LinkedFile.of(f"files/{own}.png", b"B")
    assert (mine.name, other.id) == ("a.png", own)
    said = {"solution": f"![](files/{mine.id}) ![](files/{own})", "tags": ["t"]}
    assert settled(said, [mine, other], []) == (said, [mine, other])
    texts, new = settled(said, [mine, other], [known("f-by-hand", b"A"), known(own, b"C")])
    [added] = new
    assert (added.content, added.id) == (b"B", f"f-{sha256(b'B').hexdigest()[:20]}")
    assert texts == {"solution": f"![](files/f-by-hand) ![](files/{added.id})", "tags": ["t"]}


@pytest.mark.parametrize("target", ["../../a.png", "/a.png", "https://x.example/a.png", "#a.png", "..%2F..%2Fa.png"])
def test_nothing_outside_of_the_folder_is_named(target: str) -> None:
    assert not named_in(f"![x]({target})", "help/a.md") & {"a.png", "help/a.png"}
