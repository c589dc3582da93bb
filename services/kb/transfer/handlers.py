"""Taking articles over, and giving them out."""

import hashlib
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from services.kb.articles.article_text import ArticleText
from services.kb.articles.content import Audience, Content, Revision
from services.kb.articles.domain import Article, WrongState
from services.kb.articles.files import MOST_BYTES as MOST_OF_FILE
from services.kb.articles.files import ArticleFiles, check_files, once
from services.kb.articles.handlers import ArticleHandlers
from services.kb.help.domain import language_of
from services.kb.site.pages import SiteArticle, site_of
from services.kb.transfer.archive import files_in, packed, paths_in, texts_in
from services.kb.transfer.documents import document_of, facts_of
from services.kb.transfer.domain import ENDINGS, READERS, ArticleFormat, Found, imported_id
from services.kb.transfer.linked_files import LinkedFile, exported_name, named_in, renamed, settled
from shared.domain import Invalid, Origin, Refusal, TooLarge
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
        return [await self._take(row, format, one, dry_run, by) for row, one in enumerate(found, 1)]

    async def _take(self, row: int, format: ArticleFormat, found: Found, dry_run: bool, by: Origin) -> ImportedRow:
        def refused(why: Text) -> ImportedRow:
            reason = Text(f"{found.key}: {why.en}", f"{found.key}：{why.zh}")
            return ImportedRow(row, ImportOutcome.REFUSED, reason=reason)

        if found.said is None:
            return refused(TOO_LONG)
        id = imported_id(format, found.key)
        known = await self.articles.store.find(id)
        there = known.files if known else []
        said, files = settled(found.said, found.files, there)
        try:
            content = ArticleText.model_validate(said).content()
            check_files(files, len(there))
        except ValidationError as error:
            return refused(not_valid(error).detail)
        except Refusal as error:
            return refused(error.detail)
        digest = hashlib.sha256(content.model_dump_json().encode()).hexdigest()
        if known and known.imported == digest and not files:
            return ImportedRow(row, ImportOutcome.UNCHANGED, id)
        if not dry_run:
            own = row_origin(by, said)
            try:
                await self._write(id, content, digest, own)
                for file in files:
                    await self.files.add(id, file.name, once(file.content), own, file.id)
            except WrongState as error:
                return refused(error.detail)
        return ImportedRow(row, ImportOutcome.CHANGED if known else ImportOutcome.CREATED, id)

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
            names = {f"files/{one.id}": f"files/{exported_name(one)}" for one in article.files}
            text = document_of(content, language_of(content))
            found[f"{article.id}.md"] = renamed(text, "", names).encode()
            for id, file in await self._files(article):
                found[names[f"files/{id}"]] = file
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
    return [Found(key, said) for key, said in READERS[format](data)]


def _documents(sent: bytes) -> Iterator[Found]:
    """Each file is read once, however many documents name it."""
    texts = dict(texts_in(sent, ENDINGS))
    named = {path: named_in(text, path) for path, text in texts.items() if text is not None}
    wanted = set[str]().union(*named.values()) & paths_in(sent) - texts.keys()
    files = {path: LinkedFile.of(path, content) for path, content in files_in(sent, wanted, MOST_OF_FILE).items()}
    for path, text in texts.items():
        if text is None:
            yield Found(path, None)
            continue
        own = {one: files[one] for one in sorted(named[path] & files.keys())}
        text = renamed(text, path, {one: f"files/{file.id}" for one, file in own.items()})
        name = path.rpartition("/")[2].rpartition(".")[0][:200]
        yield Found(path, facts_of(text, name), tuple(own.values()))
