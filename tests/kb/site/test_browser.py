"""The static site as a browser shows it, opened from a disk."""

import functools
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from services.kb.articles.content import Content, Revision
from services.kb.site.pages import SiteArticle, site_of
from shared.testing import NOON

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="The static site is read in Chromium, which is not installed here."),
    pytest.mark.timeout(240),
]
EXPORT = Content(
    title="V3.2 在 Win11 导出 Excel 时闪退",
    problem="数据超过十万行时，点击**导出**后程序退出。\n\n```\nSystem.OutOfMemoryException\n```",
    root_cause="导出时所有行都在内存中。",
    solution="1. 安装补丁 V3.2.1\n2. 重启程序\n\n| 版本 | 状态 |\n|---|---|\n| V3.2 | 受影响 |\n| V3.2.1 | 已修复 |",
    tags=["Win11", "Excel导出", "V3.2"],
    product="进销存",
    affected_versions=["V3.2"],
    fixed_versions=["V3.2.1"],
)
PRINT = Content(
    title="Labels are printed twice",
    problem="Each label comes out of the printer two times. <script>document.title='bad'</script>",
    solution="Update the driver to 8.1. </script><img src=x onerror=alert(1)>",
    tags=["label printing", "C++"],
)


def article(id: str, content: Content) -> SiteArticle:
    live = Revision(number=1, author="e-chen", time=NOON + timedelta(days=1), content=content)
    return SiteArticle.of(id, live, ())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    for path, content in site_of([article("KB-000001", EXPORT), article("KB-000002", PRINT)], "").items():
        target = folder / path
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(content)
    return folder


@functools.cache
def shown(url: str, profile: str) -> str:
    """The page after its scripts have run. Nothing that it wants is refused."""
    assert CHROMIUM
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", f"--user-data-dir={profile}"]
    found = subprocess.run(
        [CHROMIUM, *options, "--virtual-time-budget=5000", "--dump-dom", url],
        capture_output=True,
        text=True,
        timeout=200,
        check=True,
    )
    assert "Content Security Policy" not in found.stderr
    assert "Uncaught" not in found.stderr
    return found.stdout


def visible(html: str) -> str:
    """Its text without what is hidden."""
    html = re.sub(r"<(section|p)[^>]* hidden=\"\"[^>]*>.*?</\1>", "", html, flags=re.S)
    return re.sub(r"<[^>]+>", "", re.sub(r"<(script|style|noscript)\b.*?</\1>", "", html, flags=re.S))


def test_a_chinese_question_finds_the_article_and_marks_why(site: Path, tmp_path: Path) -> None:
    html = shown(f"{(site / 'zh/index.html').as_uri()}?q=Win11%E5%AF%BC%E5%87%BAExcel%E5%A4%B1%E8%B4%A5", str(tmp_path))
    assert "找到 1 条" in visible(html)
    assert '<a href="KB-000001.html" lang="zh">' in html
    assert "<mark>导出</mark>" in html
    assert 'id="all"' in html
    assert "全部知识条目" not in visible(html)


def test_an_english_question_finds_what_has_signs_in_its_name_and_runs_nothing(site: Path, tmp_path: Path) -> None:
    html = shown(f"{(site / 'en/index.html').as_uri()}?q=c%2B%2B%20label", str(tmp_path))
    assert "1 found" in visible(html)
    assert '<a href="KB-000002.html" lang="en">' in html
    assert "<title>Help center</title>" in html
    assert "&lt;script&gt;" in html
    assert "onerror=alert" not in re.sub(r"onerror=alert\(1\)&gt;", "", html)


def test_what_nobody_wrote_is_not_found(site: Path, tmp_path: Path) -> None:
    html = shown(f"{(site / 'en/index.html').as_uri()}?q=zzz", str(tmp_path))
    assert "Nothing found. Try it in other words." in visible(html)


def test_an_article_is_shown_with_its_tables_and_code(site: Path, tmp_path: Path) -> None:
    html = shown((site / "en/KB-000001.html").as_uri(), str(tmp_path))
    assert '<article lang="zh">' in html
    assert "<td>V3.2.1</td>" in html
    assert "<code>System.OutOfMemoryException" in html
    assert 'href="../zh/KB-000001.html"' in html
    assert "Fixed in" in visible(html)
