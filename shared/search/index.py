"""An index on disk, by tantivy: entries are put and removed, seen after `commit`, and found by words and values.

Everything here takes its time and is called beside the event loop; tantivy lets others work meanwhile. Nothing that a
person writes reaches tantivy's query language: a query is put together from terms.
"""

import contextlib
import logging
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import tantivy

from shared.search.closest import Closest, unknown
from shared.search.entries import Entry, Wanted
from shared.search.folder import Folder
from shared.search.likeness import Question, terms_of_body, terms_of_title
from shared.search.likest import Alike, Likest
from shared.search.schema import ID, MEANING, VERSION, Fields
from shared.search.vectors import Meaning, Vectors, key_of
from shared.search.words import Word, terms_of

logger = logging.getLogger(__name__)
HEAP = 32_000_000  # bytes of what is not written yet
MAX_TEXT = 64_000  # characters of one field
MAX_EXPANSIONS = 100  # words that a word stands for as their beginning, the first by alphabet
MUST, MUST_NOT, SHOULD = tantivy.Occur.Must, tantivy.Occur.MustNot, tantivy.Occur.Should


class Broken(Exception):
    """The index cannot be read or written: it has to be built again."""


class Index:
    def __init__(self, fields: Fields, folder: Folder) -> None:
        self._fields, self._folder = fields, folder
        self._schema = fields.schema()
        self._lock = threading.RLock()
        self._index: tantivy.Index | None = None
        self._writer: tantivy.IndexWriter | None = None

    def open(self, label: str) -> dict[str, int]:
        """Take the folder, and what is in it if that has this label and can be read: versions by id. Raises OSError."""
        with self._lock:
            self._folder.take()
            try:
                if self._folder.has(self._label(label)):
                    with broken():
                        self._use(tantivy.Index.open(str(self._folder.index)))
                        return self._versions()
            except Broken as error:
                logger.warning("the search index is built anew: %s", error)
                self._writer = self._index = None
            self.reset(label)
            return {}

    def reset(self, label: str) -> None:
        """Nothing is in it from now on. Raises OSError, Broken."""
        with self._lock:
            self._writer = self._index = None
            self._folder.empty()
            with broken():
                self._use(tantivy.Index(self._schema, path=str(self._folder.index)))
            self._folder.write_label(self._label(label))

    def close(self) -> None:
        with self._lock:
            self._writer = self._index = None
            self._folder.release()

    @property
    def folder(self) -> Path:
        """Of this process alone, from `open` on."""
        return self._folder.path

    @property
    def is_open(self) -> bool:
        return self._index is not None

    def replace(self, entries: Iterable[Entry], gone: Iterable[str] = ()) -> None:
        """Put these in place of what is known under their ids. Raises Broken."""
        with self._lock, broken():
            writer = self._open_writer()
            for id in gone:
                writer.delete_documents_by_term(ID, id)
            for entry in entries:
                writer.delete_documents_by_term(ID, entry.id)
                writer.add_document(self._document(entry))

    def commit(self) -> None:
        """Raises Broken."""
        with self._lock, broken():
            self._open_writer().commit()
            self._open_index().reload()

    def search(
        self, wanted: Wanted, order: str, descending: bool, beyond: int | None, limit: int
    ) -> tuple[list[tuple[int, str]], int]:
        """The number by which they are in order, and the id, of so many from `beyond` on; and how many there are from
        there on. Raises Broken."""
        with broken():
            bounds = (None, beyond) if descending else (beyond, None)
            query = self._query(wanted, {} if beyond is None else {order: bounds})
            searcher = self._open_index().searcher()
            way = tantivy.Order.Desc if descending else tantivy.Order.Asc
            found: Any = searcher.search(query, limit, count=True, order_by_field=order, order=way)
            hits = [(int(key), str(searcher.doc(address)[ID][0])) for key, address in found.hits]
            return hits, int(found.count)

    def count(self, wanted: Wanted) -> int:
        """Raises Broken."""
        with broken():
            found: Any = self._open_index().searcher().search(self._query(wanted, {}), 1, count=True)
            return int(found.count)

    def likest(self, question: Question, wanted: Wanted, limit: int) -> list[Alike]:
        """Those of the wanted that are most like a question, the best first. Raises Broken."""
        with broken():
            searcher = self._open_index().searcher()
            found = Likest(self._schema, self._fields, searcher)
            return found.of(question, self._query(wanted, {}), limit)

    def closest(self, vectors: Vectors, question: Meaning, wanted: Wanted, limit: int) -> dict[str, float]:
        """Those of the wanted that mean most nearly what a question means, the closest first, with their cosines.
        Raises Broken."""
        with broken():
            searcher = self._open_index().searcher()
            return Closest(self._schema, searcher, vectors, question).of(self._query(wanted, {}), limit)

    def unknown(self, vectors: Vectors, most: int) -> tuple[list[str], set[int]]:
        """Ids of so many entries of whose meaning there is no vector, and the keys of what all mean. Raises Broken."""
        with broken():
            return unknown(self._open_index().searcher(), vectors.__contains__, most)

    def matching(self, wanted: Wanted, limit: int) -> list[str]:
        """Ids of so many of the wanted. Raises Broken."""
        with broken():
            searcher = self._open_index().searcher()
            hits = searcher.search(self._query(wanted, {}), limit, count=False).hits
            return [str(searcher.doc(at)[ID][0]) for _, at in hits]

    def facets(self, wanted: Wanted, names: Sequence[str], most: int) -> dict[str, dict[str, int]]:
        """How many of the wanted have which values of these keywords, the most frequent first. Raises Broken."""
        with broken():
            asked = {name: {"terms": {"field": name, "size": most}} for name in names}
            told = self._open_index().searcher().aggregate(self._query(wanted, {}), asked)
            return {name: {one["key"][1:]: one["doc_count"] for one in told[name]["buckets"]} for name in names}

    # ---- inside

    def _label(self, label: str) -> str:
        return f"{self._fields.fingerprint}\n{label}\n"

    def _use(self, index: tantivy.Index) -> None:
        index.config_reader("manual")
        self._index, self._writer = index, index.writer(HEAP, 1)

    def _open_index(self) -> tantivy.Index:
        if self._index is None:
            raise Broken("the index is not open")
        return self._index

    def _open_writer(self) -> tantivy.IndexWriter:
        if self._writer is None:
            raise Broken("the index is not open")
        return self._writer

    def _versions(self) -> dict[str, int]:
        index = self._open_index()
        index.reload()
        searcher = index.searcher()
        if not searcher.num_docs:
            return {}
        hits = [address for _, address in searcher.search(tantivy.Query.all_query(), searcher.num_docs).hits]
        versions = searcher.fast_field_values(VERSION, hits)
        return {str(searcher.doc(at)[ID][0]): int(known or 0) for at, known in zip(hits, versions, strict=True)}

    def _document(self, entry: Entry) -> tantivy.Document:
        document = tantivy.Document()
        document.add_text(ID, entry.id)
        document.add_integer(VERSION, entry.version)
        for name, text in entry.texts.items():
            document.add_text(name, self._terms(name, text))
        for name, values in entry.keywords.items():
            for value in values:
                document.add_text(name, _keyword(value))
        for name, number in entry.numbers.items():
            document.add_integer(name, number)
        if self._fields.by_meaning and entry.meaning:
            document.add_integer(MEANING, key_of(entry.meaning))
        return document

    def _terms(self, name: str, text: str) -> str:
        if name in self._fields.titles:
            return " ".join(terms_of_title(text, MAX_TEXT))
        if name in self._fields.bodies:
            return " ".join(terms_of_body(text, MAX_TEXT))
        return terms_of(text, MAX_TEXT)

    def _query(self, wanted: Wanted, more: Mapping[str, tuple[int | None, int | None]]) -> tantivy.Query:
        parts: list[tuple[tantivy.Occur, tantivy.Query]] = [(MUST, self._word(w, wanted.texts)) for w in wanted.words]
        for name, values in wanted.keywords.items():
            terms = [_keyword(value) for value in values]
            parts.append((MUST, tantivy.Query.term_set_query(self._schema, name, terms)))
        for name, (low, high) in [*wanted.numbers.items(), *more.items()]:
            parts.append(
                (MUST, tantivy.Query.range_query(self._schema, name, tantivy.FieldType.Integer, low, high))
                if low is not None or high is not None
                else (MUST, tantivy.Query.all_query())
            )
        if wanted.without:
            parts.append((MUST_NOT, self._query(wanted.without, {})))
        if all(occur is MUST_NOT for occur, _ in parts):
            parts.append((MUST, tantivy.Query.all_query()))
        return tantivy.Query.boolean_query(parts)

    def _word(self, word: Word, fields: Sequence[str]) -> tantivy.Query:
        ways: list[tantivy.Query] = []
        for name in fields:
            for terms in word.any_of:
                if len(terms) == 1:
                    ways.append(self._term(name, terms[0]))
                elif word.in_order:
                    ways.append(tantivy.Query.phrase_query(self._schema, name, list(terms)))
                else:
                    ways.append(tantivy.Query.boolean_query([(MUST, self._term(name, one)) for one in terms]))
            if word.prefix:
                begun = self._open_index().searcher().terms_with_prefix(name, word.prefix, limit=MAX_EXPANSIONS)
                ways.append(tantivy.Query.term_set_query(self._schema, name, [term for term, _ in begun]))
        return tantivy.Query.boolean_query([(SHOULD, way) for way in ways])

    def _term(self, field: str, term: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, term, index_option="basic")


def _keyword(value: str) -> str:
    """A term is never empty."""
    return f"={value}"


@contextlib.contextmanager
def broken() -> Iterator[None]:
    """What tantivy raises (also where it panics, which is no Exception) says that the index is no use."""
    try:
        yield
    except (Broken, GeneratorExit, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        raise Broken(f"{type(error).__name__}: {error}") from error
