"""The pages of the static site, and what its search looks through."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from html import unescape
from pathlib import Path
from typing import NamedTuple, Self

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from services.kb.articles.content import Content, Revision
from services.kb.articles.markdown import html_of
from services.kb.help.domain import language_of
from services.kb.site.words import WORDS

HERE = Path(__file__).parent
LANGUAGES = ("zh", "en")
SEARCHED = 10_000_000  # characters of all texts together, which a browser reads from a disk in a moment
MAX_TITLE = 80
TAG = re.compile(r"<[^<>]*>")  # of clean HTML: a `<` in a text is escaped there
BLANKS = re.compile(r"\s+")


class SiteArticle(NamedTuple):
    """An article as its page shows it."""

    id: str
    content: Content
    language: str
    written_at: datetime
    parts: Mapping[str, str]  # HTML that is safe to show, by field

    @classmethod
    def of(cls, id: str, live: Revision, files: Collection[str]) -> Self:
        content = live.content

        def url(file: str) -> str:
            return f"../files/{file}" if file in files else ""

        parts = {name: html_of(getattr(content, name), url) for name in ("problem", "root_cause", "solution")}
        return cls(id, content, language_of(content), live.time, {name: html for name, html in parts.items() if html})


def site_of(articles: Sequence[SiteArticle], title: str) -> dict[str, bytes]:
    """All files of the site, by their paths: a page for each article in either language, lists, styles, the search."""
    environment = _templates()
    texts = {
        "index.html": environment.get_template("language.html").render(
            titles={language: title[:MAX_TITLE] or WORDS[language]["title"] for language in LANGUAGES}
        ),
        "site.css": _static("site.css"),
        "search.js": _static("search.js"),
        "articles.js": _index(articles),
    }
    for language in LANGUAGES:
        words = WORDS[language]
        known = {"words": words, "language": language, "title": title[:MAX_TITLE] or words["title"]}
        own_first = sorted(articles, key=lambda one: (one.language != language, one.content.title, one.id))
        products = sorted({one.content.product for one in articles if one.content.product})
        groups = [(product, [one for one in own_first if one.content.product == product]) for product in products]
        others = [one for one in own_first if not one.content.product]
        groups += [(words["other"] if products else "", others)] if others else []
        texts[f"{language}/index.html"] = environment.get_template("list.html").render(
            **known, groups=groups, page="index"
        )
        for one in articles:
            texts[f"{language}/{one.id}.html"] = environment.get_template("article.html").render(
                **known,
                article=one,
                parts={name: Markup(html) for name, html in one.parts.items()},  # noqa: S704 - made of Markdown, sanitized
                page=one.id,
            )
    return {path: text.encode() for path, text in texts.items()}


def _index(articles: Sequence[SiteArticle]) -> str:
    """A script, because a page that is opened from a disk may load nothing else. `</` ends no script in it."""
    texts = [_plain(" ".join(one.parts.values())) for one in articles]
    most = _share([len(text) for text in texts], SEARCHED)
    rows = [
        {
            "id": one.id,
            "title": one.content.title,
            "lang": one.language,
            "tags": [*one.content.tags, one.content.product, *one.content.affected_versions],
            "text": text[:most],
        }
        for one, text in zip(articles, texts, strict=True)
    ]
    found = json.dumps(rows, ensure_ascii=False).replace("</", "<\\/")
    return f"const ARTICLES = {found};\n"


def _share(lengths: Collection[int], total: int) -> int:
    """How much of each text there is room for: the whole of short ones, and as much of each long one."""
    for place, length in enumerate(sorted(lengths)):
        share = total // (len(lengths) - place)
        if length > share:
            return share
        total -= length
    return max(lengths, default=0)


def _plain(html: str) -> str:
    """What a reader sees of it."""
    return BLANKS.sub(" ", unescape(TAG.sub(" ", html))).strip()


@cache
def _templates() -> Environment:
    names = ("layout.html", "language.html", "list.html", "article.html")
    loader = DictLoader({name: (HERE / "templates" / name).read_text("utf-8") for name in names})
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


@cache
def _static(name: str) -> str:
    return (HERE / "static" / name).read_text("utf-8")
