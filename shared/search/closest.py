"""What means most nearly the same as a question, of those that are wanted."""

from collections.abc import Callable
from typing import Any

import tantivy

from shared.search.schema import ID, MEANING
from shared.search.vectors import Meaning, Vectors

FEW = 20_000  # wanted entries up to which each is compared; of more, the closest of all that are wanted too
WIDER = 8  # times as many of all are looked at, where too few of those are wanted
MUST = tantivy.Occur.Must


class Closest:
    def __init__(self, schema: tantivy.Schema, searcher: tantivy.Searcher, vectors: Vectors, question: Meaning) -> None:
        self._schema, self._searcher, self._vectors, self._question = schema, searcher, vectors, question

    def of(self, wanted: tantivy.Query, limit: int) -> dict[str, float]:
        """Cosines by id, the closest first."""
        counted: Any = self._searcher.search(wanted, 1, count=True)
        if counted.count <= FEW:
            return self._best(wanted, limit, FEW)
        many = limit
        while True:
            keys = self._vectors.closest(self._question, many)
            either = tantivy.Query.term_set_query(self._schema, MEANING, keys)
            found = self._best(tantivy.Query.boolean_query([(MUST, wanted), (MUST, either)]), limit, FEW)
            if len(found) >= limit or len(keys) < many or many >= FEW:
                return found
            many *= WIDER

    def _best(self, query: tantivy.Query, limit: int, most: int) -> dict[str, float]:
        hits = [address for _, address in self._searcher.search(query, most, count=False).hits]
        keys = [int(key or 0) for key in self._searcher.fast_field_values(MEANING, hits)]
        cosines = self._vectors.likeness(self._question, keys)
        there = [(cosines[key], at) for key, at in zip(keys, hits, strict=True) if key in cosines]
        there.sort(key=lambda one: -one[0])
        return {str(self._searcher.doc(at)[ID][0]): cosine for cosine, at in there[:limit]}


def unknown(searcher: tantivy.Searcher, is_known: Callable[[int], bool], most: int) -> tuple[list[str], set[int]]:
    """Ids of so many entries whose meaning is not known, and the keys of all."""
    if not searcher.num_docs:
        return [], set()
    hits = [address for _, address in searcher.search(tantivy.Query.all_query(), searcher.num_docs, count=False).hits]
    keys = searcher.fast_field_values(MEANING, hits)
    missing = [at for key, at in zip(keys, hits, strict=True) if key is not None and not is_known(int(key))]
    return [str(searcher.doc(at)[ID][0]) for at in missing[:most]], {int(key) for key in keys if key is not None}
