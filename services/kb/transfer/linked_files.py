"""Pictures and other files that a Markdown document names by their paths, and that come and go with it."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any, NamedTuple
from urllib.parse import unquote

from services.kb.articles.content import ArticleFile
from services.kb.transfer.documents import fences
from shared.uploads.content_types import ending_of
from shared.uploads.file_names import clean

FILE_ID = re.compile(r"f-[0-9a-f]{20}")
ENDING = re.compile(r"[a-z0-9]{1,8}")
# The text of a link or picture with the address behind it; `<a b.png>` may have blanks.
_LINK = re.compile(r"(!?\[[^\[\]\n]{0,500}\]\()(<[^<>\n]{1,500}>|[^\s()<>]{1,500})")


class LinkedFile(NamedTuple):
    """As the text of its article names it: `files/<id>`."""

    id: str
    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()

    @classmethod
    def of(cls, path: str, content: bytes) -> "LinkedFile":
        """What an export has called by its id keeps it; the same content has the same id otherwise."""
        name = path.rpartition("/")[2]
        stem = name.partition(".")[0]
        id = stem if FILE_ID.fullmatch(stem) else f"f-{sha256(content).hexdigest()[:20]}"
        return cls(id, clean(name), content)


def named_in(text: str, document: str) -> set[str]:
    """The paths in its folder that a document names outside of code, whether there is such a file or not."""
    return {
        path_of(document, found[2]) for line, is_code in _lines(text) if not is_code for found in _LINK.finditer(line)
    }


def renamed(text: str, document: str, names: Mapping[str, str]) -> str:
    """The same with these paths named otherwise."""

    def replaced(found: re.Match[str]) -> str:
        new = names.get(path_of(document, found[2]))
        return f"{found[1]}{new}" if new else found[0]

    return "\n".join(line if is_code else _LINK.sub(replaced, line) for line, is_code in _lines(text))


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    lines = text.split("\n")
    return ((line, bool(fence)) for line, fence in zip(lines, fences(lines), strict=True))


def path_of(document: str, target: str) -> str:
    """In the folder that the document is in. `target` is an address as it is written in it."""
    path = unquote(target.strip("<>").partition("#")[0].partition("?")[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(document), path))


def settled(
    said: Mapping[str, Any], files: Iterable[LinkedFile], known: Iterable[ArticleFile]
) -> tuple[dict[str, Any], list[LinkedFile]]:
    """As an article that has these files already names them: the same content is one file, and no id is two."""
    there = {one.sha256: one.id for one in known}
    taken = {id: digest for digest, id in there.items()}
    texts, new = dict(said), []
    for file in files:
        digest = file.sha256
        id = there.get(digest) or (file.id if taken.get(file.id, digest) == digest else f"f-{digest[:20]}")
        if id != file.id:
            old, now = f"files/{file.id}", f"files/{id}"
            texts = {name: text.replace(old, now) if isinstance(text, str) else text for name, text in texts.items()}
        if digest not in there:
            new.append(file._replace(id=id))
            there[digest], taken[id] = id, digest
    return texts, new


def exported_name(file: ArticleFile) -> str:
    """With the ending that other programs know it by."""
    ending = ending_of(file.name)
    return f"{file.id}.{ending}" if ENDING.fullmatch(ending) else file.id
