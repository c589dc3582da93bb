"""What is most like a question: BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009), as
tantivy has it, over the terms that say most."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import nlargest

import tantivy

from shared.search.likeness import Question
from shared.search.schema import ID, MEANING, Fields

MOST_TERMS = 32  # of a question, those that say most; the others only cost time, and make the order no better
PRIOR = 300  # entries that are imagined besides, so that a word counts where there are few
FULL = 1.2  # what a term gives an entry of common length that has it once or twice, in parts of its worth
UNKNOWN, UNKNOWN_CHINESE = 0.5, 0.25  # what a term that no entry has counts against all: a Chinese word is several
MOST_SCORE = 0.99  # that likeness alone can give
LEAST_MISTYPED = 5  # letters of a word that is looked for with one letter wrong where no entry has it
MOST_MISTYPED = 3  # such words of a question; each costs as much as twenty others
MISTYPED = 0.5  # what it counts
MUST, SHOULD = tantivy.Occur.Must, tantivy.Occur.Should


@dataclass(frozen=True)
class Alike:
    """`score`: which share of what the question says is found, from 0 to 1; `bm25` gives the order. `meaning`: the key
    of what it means (vectors.py), 0 where there is none; `by_meaning`: how alike they are by that, from 0 to 1."""

    id: str
    score: float
    bm25: float
    meaning: int = 0
    by_meaning: float = 0.0


@dataclass(frozen=True)
class _Term:
    field: str
    text: str
    worth: float
    boost: float  # which makes what tantivy says of it its worth; 0 where no entry has it

    @property
    def is_known(self) -> bool:
        return self.boost > 0


class Likest:
    def __init__(self, schema: tantivy.Schema, fields: Fields, searcher: tantivy.Searcher) -> None:
        self._schema, self._fields, self._searcher = schema, fields, searcher

    def of(self, question: Question, wanted: tantivy.Query, limit: int) -> list[Alike]:
        terms = list(self._terms(question))
        known = nlargest(MOST_TERMS, (one for one in terms if one.is_known), key=_worth)
        there = {one.text for one in terms if one.is_known}
        unknown = nlargest(MOST_TERMS, (one for one in terms if one.text not in there), key=_worth)
        mistyped = list(filter(_may_be_mistyped, unknown))[:MOST_MISTYPED]
        queries = [*map(self._exactly, known), *map(self._nearly, mistyped)]
        if not queries:
            return []
        either = tantivy.Query.boolean_query([(SHOULD, one) for one in queries])
        all_of_it = FULL * sum(one.worth * _counts(one) for one in nlargest(MOST_TERMS, [*known, *unknown], key=_worth))
        query = tantivy.Query.boolean_query([(MUST, either), (MUST, tantivy.Query.const_score_query(wanted, 0.0))])
        hits = self._searcher.search(query, limit, count=False).hits
        keys = self._meanings([at for _, at in hits])
        return [
            Alike(str(self._searcher.doc(at)[ID][0]), min(float(score) / all_of_it, MOST_SCORE), float(score), key)
            for (score, at), key in zip(hits, keys, strict=True)
        ]

    def _meanings(self, hits: list[tantivy.DocAddress]) -> list[int]:
        if not self._fields.by_meaning:
            return [0] * len(hits)
        return [int(key or 0) for key in self._searcher.fast_field_values(MEANING, hits)]

    def _terms(self, question: Question) -> Iterator[_Term]:
        everything = self._searcher.num_docs
        for names, terms in ((self._fields.titles, question.titles), (self._fields.bodies, question.bodies)):
            for name in names:
                for text, count in terms.items():
                    known = self._searcher.doc_freq(name, text)
                    worth = _rarity(everything + PRIOR, known) * math.sqrt(count)
                    yield _Term(name, text, worth, worth / _rarity(everything, known) if known else 0.0)

    def _exactly(self, term: _Term) -> tantivy.Query:
        return tantivy.Query.boost_query(
            tantivy.Query.term_query(self._schema, term.field, term.text, index_option="freq"), term.boost
        )

    def _nearly(self, term: _Term) -> tantivy.Query:
        near = tantivy.Query.fuzzy_term_query(self._schema, term.field, term.text, 1, True)
        return tantivy.Query.const_score_query(near, term.worth * MISTYPED)


def _may_be_mistyped(term: _Term) -> bool:
    return not term.is_known and len(term.text) >= LEAST_MISTYPED and term.text.isascii() and term.text.isalpha()


def _rarity(entries: int, known: int) -> float:
    return math.log(1 + (max(entries - known, 0) + 0.5) / (known + 0.5))


def _worth(term: _Term) -> float:
    return term.worth


def _counts(term: _Term) -> float:
    if term.is_known:
        return 1.0
    return UNKNOWN if term.text.isascii() else UNKNOWN_CHINESE
