"""An index in memory that is kept up to date entry by entry: BM25 for likeness, fingerprints for identity.

A score is the share of what the query says that an entry says too, from 0 to 1, so that a threshold has a meaning.
The order is that of BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009).
"""

import math
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from sys import intern

from services.kb.search.domain import TextField
from services.kb.search.tokenizer import terms

K1 = 1.2
B = 0.75
AVERAGE_LENGTH = 120.0  # terms; fixed, so that an entry's weights do not depend on what else is indexed
MAX_QUERY_TERMS = 32  # the rarest say what a query is about
MAX_POSTINGS = 8_000  # looked at to find candidates; the commoner terms only order those
MAX_CANDIDATES = 300
TITLE_BOOST = 6.0  # what a word in a query's first line counts, when more lines follow
PRIOR_ENTRIES = 300  # entries that are imagined besides, so that a word counts where there are few
UNKNOWN_TERM = 0.5  # what a word that no entry has counts against all of them: it may be in the other language,
UNKNOWN_TERM_ZH = 0.25  # and a Chinese word is several terms
MAX_TITLE = 80  # characters, up to which a first line is read as a title
MAX_SCORE = 0.99  # the best that likeness alone can give


@dataclass(slots=True)
class Postings:
    """Which entries have a term, in ascending order, and how much it weighs in each."""

    slots: "array[int]" = field(default_factory=lambda: array("I"))
    weights: "array[float]" = field(default_factory=lambda: array("f"))

    def add(self, slot: int, weight: float) -> None:
        self.slots.append(slot)
        self.weights.append(weight)

    def remove(self, slot: int) -> None:
        at = bisect_left(self.slots, slot)
        del self.slots[at], self.weights[at]

    def weight_in(self, slot: int) -> float:
        at = bisect_left(self.slots, slot)
        return self.weights[at] if at < len(self.slots) and self.slots[at] == slot else 0.0


class Index:
    def __init__(self) -> None:
        self._postings: dict[str, Postings] = {}
        self._slots: dict[str, int] = {}
        self._ids: dict[int, str] = {}
        self._terms: dict[str, tuple[str, ...]] = {}
        self._fingerprints: dict[str, dict[str, None]] = {}
        self._fingerprints_of: dict[str, tuple[str, ...]] = {}
        self._next = 0

    def __len__(self) -> int:
        return len(self._slots)

    def __contains__(self, id: str) -> bool:
        return id in self._slots

    def put(self, id: str, fields: Iterable[TextField], fingerprints: Sequence[str] = ()) -> None:
        """Add an entry, or replace it."""
        self.remove(id)
        counts: dict[str, float] = {}
        for part in fields:
            for term in terms(part.text, part.short):
                counts[term] = counts.get(term, 0.0) + part.weight
        slot, self._next = self._next, self._next + 1
        saturation = K1 * (1 - B + B * sum(counts.values()) / AVERAGE_LENGTH)
        own = tuple(map(intern, counts))  # a word is kept once, however many entries have it
        for term, count in zip(own, counts.values(), strict=True):
            if term not in self._postings:
                self._postings[term] = Postings()
            self._postings[term].add(slot, count / (count + saturation))
        self._slots[id], self._ids[slot], self._terms[id] = slot, id, own
        self._fingerprints_of[id] = tuple(fingerprints)
        for fingerprint in fingerprints:
            self._fingerprints.setdefault(fingerprint, {})[id] = None

    def remove(self, id: str) -> None:
        """Remove an entry; one that is not there changes nothing."""
        slot = self._slots.pop(id, None)
        if slot is None:
            return
        del self._ids[slot]
        for term in self._terms.pop(id):
            self._postings[term].remove(slot)
            if not self._postings[term].slots:
                del self._postings[term]
        for fingerprint in self._fingerprints_of.pop(id):
            self._fingerprints[fingerprint].pop(id, None)
            if not self._fingerprints[fingerprint]:
                del self._fingerprints[fingerprint]

    def with_fingerprints(self, fingerprints: Iterable[str]) -> list[str]:
        """Entries that have one of these fingerprints."""
        return list(dict.fromkeys(id for one in fingerprints for id in self._fingerprints.get(one, ())))

    def search(self, text: str, limit: int) -> list[tuple[str, float]]:
        """The entries most like this text, best first, each with its score."""
        query, most = self._query_terms(text)
        if not query:
            return []
        scores: dict[int, float] = {}
        scanned = 0
        narrowed = False
        for value, postings in query:
            scanned += len(postings.slots)
            if scanned <= MAX_POSTINGS or not scores:
                for slot, weight in zip(postings.slots, postings.weights, strict=True):
                    scores[slot] = scores.get(slot, 0.0) + value * weight
                continue
            if not narrowed:
                scores = dict(nlargest(MAX_CANDIDATES, scores.items(), key=lambda pair: pair[1]))
                narrowed = True
            for slot in scores:
                scores[slot] += value * postings.weight_in(slot)
        best = nlargest(limit, scores.items(), key=lambda pair: (pair[1], -pair[0]))
        return [(self._ids[slot], min(score / most, MAX_SCORE)) for slot, score in best]

    def _query_terms(self, text: str) -> tuple[list[tuple[float, Postings]], float]:
        """The terms that say most, rarest first, each with its value; and the score of an entry that has them all."""
        title, _, rest = text.strip().partition("\n")
        counts: dict[str, float] = {}
        for term in terms(title, len(title) <= MAX_TITLE):
            counts[term] = counts.get(term, 0.0) + (TITLE_BOOST if rest else 1.0)
        for term in terms(rest):
            counts[term] = counts.get(term, 0.0) + 1.0
        entries = len(self._slots) + PRIOR_ENTRIES
        known: list[tuple[float, Postings]] = []
        values: list[float] = []
        for term, count in counts.items():
            postings = self._postings.get(term)
            frequency = len(postings.slots) if postings else 0
            value = math.log(1 + (entries - frequency + 0.5) / (frequency + 0.5)) * math.sqrt(count)
            values.append(value if postings else value * (UNKNOWN_TERM if term.isascii() else UNKNOWN_TERM_ZH))
            if postings:
                known.append((value, postings))
        known.sort(key=lambda pair: -pair[0])
        return known[:MAX_QUERY_TERMS], sum(nlargest(MAX_QUERY_TERMS, values))
