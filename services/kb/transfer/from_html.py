"""HTML of other desks' articles as Markdown: headings, lists, links, code; what else there is becomes plain text."""

import re
from html.parser import HTMLParser

import nh3

MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`", "s": "~~", "del": "~~"}
BLOCKS = {"p", "div", "section", "article", "table", "tr", "blockquote", "ul", "ol"}
LEFT_OUT = {"script", "style", "head", "template", "iframe", "object", "svg"}
HEADINGS = {f"h{level}" for level in range(1, 7)}
READ = {*MARKS, *BLOCKS, *HEADINGS, "li", "pre", "br", "a", "td", "th", "thead", "tbody"}
DEEPEST = 20  # lists in lists
_BLANK = re.compile(r"[ \t\r\n\f]+")
_MANY_LINES = re.compile(r"\n{3,}")
_SPECIAL = re.compile(r"([\\`*_\[\]<>#])")
_NO_ADDRESS = re.compile(r"[\s()<>]")
_SAFE = ("http://", "https://", "mailto:")


def markdown_of(html: str) -> str:
    """Cleaned first: Python's parser takes a time that grows with the square of tags that never end."""
    reader = _Reader()
    reader.feed(nh3.clean(html, tags=READ, attributes={"a": {"href"}}, clean_content_tags=LEFT_OUT, link_rel=None))
    reader.close()
    lines = "".join(reader.found).split("\n")
    return _MANY_LINES.sub("\n\n", "\n".join(line.rstrip() for line in lines)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._lists: list[str] = []  # `-`, or the number that comes next
        self._links: list[str] = []
        self._preformatted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("ul", "ol"):
            self._lists.append("-" if tag == "ul" else "1")
            self.found.append("\n")
        elif tag == "li":
            self._begin_item()
        elif tag == "pre":
            self._preformatted += 1
            self.found.append("\n\n```\n")
        elif tag == "br":
            self.found.append("\n" if self._preformatted else "  \n")
        elif tag in HEADINGS:
            self.found.append(f"\n\n{'#' * int(tag[1])} ")
        elif tag == "a":
            href = (dict(attrs).get("href") or "").strip()
            is_safe = href.startswith(_SAFE) and not _NO_ADDRESS.search(href)
            self._links.append(href if is_safe else "")
            self.found.append("[" if is_safe else "")
        elif tag in MARKS and not self._preformatted:
            self.found.append(MARKS[tag])
        elif tag in ("td", "th"):
            self.found.append(" | ")
        elif tag in BLOCKS:
            self.found.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ul", "ol"):
            if self._lists:
                self._lists.pop()
            self.found.append("\n")
        elif tag == "pre":
            self._preformatted = max(self._preformatted - 1, 0)
            self.found.append("\n```\n\n")
        elif tag == "a" and self._links:
            href = self._links.pop()
            self.found.append(f"]({href})" if href else "")
        elif tag in MARKS and not self._preformatted:
            self.found.append(MARKS[tag])
        elif tag in BLOCKS or tag in HEADINGS:
            self.found.append("\n\n")

    def handle_data(self, data: str) -> None:
        if self._preformatted:
            self.found.append(data)
            return
        text = _SPECIAL.sub(r"\\\1", _BLANK.sub(" ", data))
        is_at_start = not self.found or self.found[-1].endswith("\n")
        self.found.append(text.lstrip() if is_at_start else text)

    def _begin_item(self) -> None:
        depth = min(max(len(self._lists) - 1, 0), DEEPEST)
        mark = self._lists[-1] if self._lists else "-"
        if mark != "-":
            self._lists[-1] = str(int(mark) + 1)
            mark += "."
        self.found.append(f"\n{'   ' * depth}{mark} ")
