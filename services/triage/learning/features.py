"""Texts as numbers: hashed runs of characters, so that Chinese works without a dictionary, and hashed words."""

import re
from collections.abc import Iterator
from itertools import pairwise
from zlib import crc32

import numpy as np
import numpy.typing as npt

from shared.reading.characters import plain

LONGEST = 2_000  # characters of a text that are read
RUNS = (1, 2, 3, 4, 5)  # characters of a run
SHORT_LATIN, LONG_CHINESE = 2, 4  # runs up to this say nothing in one, from this on are rare in the other
CHINESE = 0x2E80
FACTOR = np.uint64(0x9E3779B97F4A7C15)
WORD = re.compile(r"[a-z0-9_]{1,40}")  # of what is written with spaces
Keys = npt.NDArray[np.uint32]
Counts = npt.NDArray[np.float32]


def prepared(text: str) -> str:
    return " ".join(plain(text[:LONGEST]).lower().split())


def features_of(text: str) -> tuple[Keys, Counts]:
    """Hashes of what is in a prepared text, each once, in order, and how often each occurs."""
    words = WORD.findall(text)
    pairs = (f"{one} {other}" for one, other in pairwise(words))
    hashed = np.array([crc32(one.encode()) for one in (*words, *pairs)], dtype=np.uint32)
    found, counts = np.unique(np.concatenate([*_runs(text), hashed]), return_counts=True)
    return found, counts.astype(np.float32)


def _runs(text: str) -> Iterator[Keys]:
    codes = np.frombuffer(f" {text} ".encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    hashes = np.zeros(len(codes), dtype=np.uint64)
    for length in RUNS:
        if length > len(codes):
            return
        hashes = (hashes[: len(codes) - length + 1] + codes[length - 1 :]) * FACTOR
        hashes ^= hashes >> np.uint64(29)
        chinese = codes[: len(hashes)] >= CHINESE
        wanted = chinese if length <= SHORT_LATIN else ~chinese if length >= LONG_CHINESE else slice(None)
        yield (hashes[wanted] >> np.uint64(32)).astype(np.uint32)


def weighted(keys: Keys, counts: Counts, known: Keys, idf: Counts) -> tuple[npt.NDArray[np.intp], Counts]:
    """Places of those that are known, and their weights, of length 1 together (TF-IDF, sublinear)."""
    if not len(known):
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.float32)
    places = np.searchsorted(known, keys)
    places[places == len(known)] = 0
    there = known[places] == keys
    places = places[there]
    values = (1 + np.log(counts[there])) * idf[places]
    length = float(np.sqrt((values * values).sum()))
    return places, values / length if length else values
