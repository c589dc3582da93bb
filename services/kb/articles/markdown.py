"""Markdown (https://spec.commonmark.org, with tables and strikethrough) as HTML that is safe to show: no scripts, no
styles, no forms, no pictures from elsewhere."""

import re
from collections.abc import Callable

import nh3
from markdown_it import MarkdownIt

_TAGS = """
    p br hr h1 h2 h3 h4 h5 h6 ul ol li blockquote pre code em strong s a img table thead tbody tr th td
"""
TAGS = set(_TAGS.split())
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}, "code": {"class"}}
SCHEMES = {"http", "https", "mailto"}
LANGUAGE_CLASS = re.compile(r"language-[\w+#.-]{1,40}")
OWN_FILE = re.compile(r"files/([A-Za-z0-9-]{1,80})")  # how a text names a file of its own article
HEADINGS_BELOW = 2  # an article's own title and the names of its parts stand above
FileUrl = Callable[[str], str]  # of the file with this id; empty where there is none

_markdown = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable(["table", "strikethrough"])
_HEADING = re.compile(r"(</?h)([1-6])>")


def html_of(text: str, file_url: FileUrl = lambda file: "") -> str:
    """A picture is shown only where `file_url` knows it."""

    def attribute(tag: str, name: str, value: str) -> str | None:
        if (tag, name) == ("code", "class"):
            return value if LANGUAGE_CLASS.fullmatch(value) else None
        if (tag, name) == ("img", "src") or (tag, name) == ("a", "href"):
            own = OWN_FILE.fullmatch(value)
            if own:
                return file_url(own[1]) or None
            return None if tag == "img" or not value.startswith(("http://", "https://", "mailto:", "#")) else value
        return value

    clean = nh3.clean(
        _markdown.render(text),
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=attribute,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )
    return _HEADING.sub(lambda found: f"{found[1]}{min(int(found[2]) + HEADINGS_BELOW, 6)}>", clean)
