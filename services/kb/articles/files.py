"""Files of articles: pictures that their texts show as `![…](files/<id>)`, and what is handed out beside them."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Protocol
from uuid import uuid4

from services.kb.articles.content import ArticleFile
from services.kb.articles.domain import MAX_FILES, Article, TooManyFiles
from services.kb.articles.handlers import ArticleHandlers
from shared.domain import Invalid, NotFound, Origin, TooLarge
from shared.mongo import Files
from shared.uploads.content_types import READ, media_type_of

MOST_BYTES = 10 * 1024 * 1024
SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})  # in pages; anything else is only saved


class NewFile(Protocol):
    """A file that somebody wants to add."""

    @property
    def name(self) -> str: ...

    @property
    def content(self) -> bytes: ...


@dataclass(frozen=True)
class ArticleFiles:
    articles: ArticleHandlers
    files: Files

    async def add(self, article: str, name: str, chunks: AsyncIterator[bytes], by: Origin, id: str = "") -> Article:
        """`id`: what its text calls it already. Raises NotFound, Invalid where its content is not what its name says,
        TooLarge, TooManyFiles."""
        (await self.articles.store.get(article)).require_room_for_file()
        content = b""
        async for chunk in chunks:
            content += chunk
            if len(content) > MOST_BYTES:
                break
        media_type, digest = _checked(name, content), sha256(content).hexdigest()
        new = ArticleFile(
            id=id or f"f-{sha256((by.key or uuid4().hex).encode()).hexdigest()[:20]}",
            name=name,
            media_type=media_type,
            size=len(content),
            sha256=digest,
            added_by=by.actor,
            added_at=self.articles.now(),
        )
        known = (await self.articles.store.get(article)).file_with(digest)
        if known is None:
            await self.files.delete(f"{article}/{new.id}")  # what an attempt that was cut off has left
            await self.files.save(f"{article}/{new.id}", name, once(content))
        return await self.articles.change(article, partial(Article.attach, file=new), by)

    async def read(self, article: Article, file: str) -> tuple[ArticleFile, AsyncIterator[bytes]]:
        """Raises NotFound."""
        found = next((one for one in article.files if one.id == file), None)
        if found is None:
            raise NotFound.of(file)
        return found, self.files.read(f"{article.id}/{file}")

    async def content(self, article: Article, file: str) -> bytes:
        """As a whole, for exports. Raises NotFound."""
        _, chunks = await self.read(article, file)
        return b"".join([chunk async for chunk in chunks])


def check_files(files: Sequence[NewFile], there: int) -> None:
    """Whether they can be added to an article with so many files. Raises Invalid, TooLarge, TooManyFiles."""
    if len(files) + there > MAX_FILES:
        raise TooManyFiles(f"An article has at most {MAX_FILES} files", f"每个知识条目最多 {MAX_FILES} 个附件")
    for file in files:
        _checked(file.name, file.content)


def _checked(name: str, content: bytes) -> str:
    """Its media type. Raises Invalid, TooLarge."""
    if not content:
        raise Invalid(f"{name} is empty", f"{name} 为空", "body.file")
    if len(content) > MOST_BYTES:
        raise TooLarge(f"{name}: at most {MOST_BYTES // 2**20} MB", f"{name}：最大 {MOST_BYTES // 2**20} MB")
    return media_type_of(name, content[:READ])


async def once(content: bytes) -> AsyncIterator[bytes]:
    yield content
