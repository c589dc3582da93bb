"""Taking articles over, and giving them out."""

import hashlib
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import ValidationError

from services.kb.articles.article_text import ArticleText
from services.kb.articles.content import Audience, Content, Revision
from services.kb.articles.domain import Article, WrongState
from services.kb.articles.files import ArticleFiles
from services.kb.articles.handlers import ArticleHandlers
from services.kb.help.domain import language_of
from services.kb.site.pages import SiteArticle, site_of
from services.kb.transfer.archive import packed, texts_in
from services.kb.transfer.documents import document_of, facts_of
from services.kb.transfer.domain import ENDINGS, READERS, ArticleFormat, Found, imported_id
from shared.domain import Invalid, Origin, TooLarge
from shared.http.imports import not_valid
from shared.imports import ImportedRow, ImportOutcome, row_origin
from shared.terms import Text
from shared.texts import off_loop

MOST_BYTES = 20 * 1024 * 1024
MOST_EXPORTED = 5_000
PAGE = 100
AUDIENCES = {
    Audience.PUBLIC: [Audience.PUBLIC],
    Audience.CUSTOMERS: [Audience.PUBLIC, Audience.CUSTOMERS],
    Audience.INTERNAL: [Audience.PUBLIC, Audience.CUSTOMERS, Audience.INTERNAL],
}
TOO_LONG = Text("Too long, or not UTF-8", "文本过长，或不是 UTF-8 编码")


@dataclass(frozen=True)
class TransferHandlers:
    articles: ArticleHandlers
    files: ArticleFiles

    async def take_over(
        self, format: ArticleFormat, chunks: AsyncIterator[bytes], dry_run: bool, by: Origin
    ) -> list[ImportedRow]:
        """Each article becomes a draft, or a new revision where it says something else than at its last import. Raises
        Invalid, TooLarge."""
        sent = b""
        async for chunk in chunks:
            sent += chunk
            if len(sent) > MOST_BYTES:
                raise TooLarge(f"At most {MOST_BYTES // 2**20} MB", f"文件最大 {MOST_BYTES // 2**20} MB")
        found = await off_loop(len(sent), _read, format, sent)
        return [await self._take(row, format, key, said, dry_run, by) for row, (key, said) in enumerate(found, 1)]

    async def _take(
        self, row: int, format: ArticleFormat, key: str, said: dict[str, Any] | None, dry_run: bool, by: Origin
    ) -> ImportedRow:
        refused = partial(ImportedRow, row, ImportOutcome.REFUSED)
        if said is None:
            return refused(reason=Text(f"{key}: {TOO_LONG.en}", f"{key}：{TOO_LONG.zh}"))
        try:
            content = ArticleText.model_validate(said).content()
        except ValidationError as error:
            why = not_valid(error).detail
            return refused(reason=Text(f"{key}: {why.en}", f"{key}：{why.zh}"))
        id = imported_id(format, key)
        digest = hashlib.sha256(content.model_dump_json().encode()).hexdigest()
        known = await self.articles.store.find(id)
        if known and known.imported == digest:
            return ImportedRow(row, ImportOutcome.UNCHANGED, id)
        outcome = ImportOutcome.CHANGED if known else ImportOutcome.CREATED
        if not dry_run:
            try:
                await self._write(id, content, digest, row_origin(by, said))
            except WrongState as error:
                return refused(reason=error.detail)
        return ImportedRow(row, outcome, id)

    async def _write(self, id: str, content: Content, digest: str, by: Origin) -> None:
        now = self.articles.now()
        first = Revision(number=1, author=by.actor, time=now, content=content)
        new = Article(id=id, revisions=[first], imported=digest, changed_at=now)
        if await self.articles.store.add(new, [], by) is new:
            return

        def decide(article: Article) -> list[Any]:
            events = article.edit(content, by.actor, now)
            article.imported = digest
            return events

        await self.articles.change(id, decide, by)

    # ---- and out again

    async def markdown(self, audience: Audience) -> bytes:
        """A zip file: a document for each published article, and its files. Raises TooLarge."""
        found: dict[str, bytes] = {}
        for article in await self._published(audience):
            assert article.live
            content = article.live.content
            found[f"{article.id}.md"] = document_of(content, language_of(content)).encode()
            for name, file in await self._files(article):
                found[f"files/{name}"] = file
        return await off_loop(len(found) * 1000, packed, found)

    async def site(self, audience: Audience, title: str) -> bytes:
        """A zip file: pages that a browser shows without any server. Raises TooLarge."""
        shown: list[SiteArticle] = []
        files: dict[str, bytes] = {}
        for article in await self._published(audience):
            assert article.live
            own = dict(await self._files(article))
            files |= {f"files/{name}": file for name, file in own.items()}
            shown.append(SiteArticle.of(article.id, article.live, {one.id for one in article.files}))
        pages = await off_loop(len(shown) * 2000, site_of, shown, title)
        return await off_loop(len(pages) * 1000, packed, {**pages, **files})

    async def _files(self, article: Article) -> list[tuple[str, bytes]]:
        return [(one.id, await self.files.content(article, one.id)) for one in article.files]

    async def _published(self, audience: Audience) -> Sequence[Article]:
        found: list[Article] = []
        after: str | None = None
        query = {"_audience": [str(one) for one in AUDIENCES[audience]]}
        while True:
            some, after = await self.articles.store.page(query, self.articles.store.oldest_first, after, PAGE)
            found += [one for one in some if one.live]
            if len(found) > MOST_EXPORTED:
                raise TooLarge(f"At most {MOST_EXPORTED} articles", f"最多导出 {MOST_EXPORTED} 篇")
            if after is None:
                return found


def _read(format: ArticleFormat, sent: bytes) -> list[Found]:
    if format is ArticleFormat.MARKDOWN:
        return list(_documents(sent))
    try:
        data = json.loads(sent)
    except (ValueError, RecursionError):
        raise Invalid("Not JSON", "不是 JSON 内容", "body.file") from None
    if not isinstance(data, dict):
        raise Invalid("Not a JSON object", "不是 JSON 对象", "body.file")
    return list(READERS[format](data))


def _documents(sent: bytes) -> Iterator[Found]:
    for path, text in texts_in(sent, ENDINGS):
        name = path.rpartition("/")[2].rpartition(".")[0][:200]
        yield path, facts_of(text, name) if text is not None else None
