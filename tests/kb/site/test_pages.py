"""What the pages of the site promise, whoever shows them."""

import json
import re

import pytest

from services.kb.site.pages import site_of
from services.kb.site.words import WORDS
from tests.kb.site.test_browser import EXPORT, PRINT, article

SITE = {path: text.decode() for path, text in site_of([article("KB-1", EXPORT), article("KB-2", PRINT)], "").items()}
PAGES = [path for path in SITE if path.endswith(".html")]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_nothing_from_elsewhere_and_has_no_script_inside(path: str) -> None:
    html = SITE[path]
    assert "default-src 'none'" in html
    assert "unsafe" not in html
    assert not re.search(r"<script(?![^>]* src=)", html)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", html)
    assert not re.search(r"\son\w+=|\sstyle=", re.sub(r"&lt;.*?&gt;", "", html))


@pytest.mark.parametrize("path", [path for path in PAGES if "/" in path])
def test_a_page_is_for_everybody(path: str) -> None:
    html, language = SITE[path], path.partition("/")[0]
    assert f'<html lang="{language}">' in html
    assert html.count("<h1>") == 1
    assert '<main id="content"' in html
    assert WORDS[language]["skip"] in html
    assert ('<label for="q">' in html) == path.endswith("index.html")


@pytest.mark.parametrize("path", PAGES)
def test_every_link_leads_to_a_page_of_the_site(path: str) -> None:
    folder = path.rpartition("/")[0]
    for link in re.findall(r'(?:href|src)="([^"#]+)"', SITE[path]):
        target = link.removeprefix("../") if link.startswith("../") else f"{folder}/{link}".lstrip("/")
        assert target in SITE, link


def test_the_index_is_a_script_that_nothing_in_an_article_ends() -> None:
    script = SITE["articles.js"]
    assert "</" not in script
    rows = json.loads(script.removeprefix("const ARTICLES = ").rstrip(";\n"))
    assert [(row["id"], row["lang"]) for row in rows] == [("KB-1", "zh"), ("KB-2", "en")]


def test_all_of_a_text_is_searched_and_of_very_long_ones_as_much_as_there_is_room_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def searched() -> list[str]:
        long = EXPORT.model_copy(update={"solution": "步骤。" * 6_000 + "末尾的词"})
        script = site_of([article("KB-1", long), article("KB-2", PRINT)], "")["articles.js"].decode()
        return [row["text"] for row in json.loads(script.removeprefix("const ARTICLES = ").rstrip(";\n"))]

    whole, short = searched()
    assert whole.endswith("末尾的词")
    monkeypatch.setattr("services.kb.site.pages.SEARCHED", 1_000)
    cut, still_short = searched()
    assert still_short == short
    assert len(cut) == 1_000 - len(short)
    assert whole.startswith(cut)


def test_both_languages_say_the_same_things() -> None:
    assert WORDS["zh"].keys() == WORDS["en"].keys()
