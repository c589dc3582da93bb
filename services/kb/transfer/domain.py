"""From where articles are taken over, and what they are called here."""

from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from services.kb.transfer import other_desks
from services.kb.transfer.linked_files import LinkedFile
from shared.terms import Term

ENDINGS = (".md", ".markdown")


class Found(NamedTuple):
    """By what name an article is known there, what it says (None: unreadable), and the files that it names."""

    key: str
    said: dict[str, Any] | None
    files: tuple[LinkedFile, ...] = ()


class ArticleFormat(Term):
    MARKDOWN = "markdown", "a zip file of Markdown documents", "Markdown 文件夹（ZIP）"
    ZAMMAD = "zammad", "Zammad knowledge base", "Zammad 知识库"
    ZENDESK = "zendesk", "Zendesk help center", "Zendesk 帮助中心"


READERS: Mapping[ArticleFormat, Callable[[Mapping[str, Any]], Iterator[other_desks.Found]]] = {
    ArticleFormat.ZAMMAD: other_desks.zammad,
    ArticleFormat.ZENDESK: other_desks.zendesk,
}


def imported_id(format: ArticleFormat, key: str) -> str:
    """The same each time, so that importing twice is importing once; no other article can have it."""
    name = f"{format}\n{key}".encode()
    return f"KB-I{sha256(name).hexdigest()[:12]}"
