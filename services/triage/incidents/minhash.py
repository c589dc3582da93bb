"""How near two texts are to each other, measured on their characters: no words, so Chinese works as well as English.

MinHash (Broder, 1997): of a text's set of n-grams the `SKETCH` smallest hashes are kept, from which the Jaccard index
of two texts is estimated (bottom-k). Texts that may be near share one of their `bands` (locality-sensitive hashing:
with an index of 0.6 in 97 of 100 cases, with 0.2 in 28), so that nobody compares each with each.
"""

import re
from collections.abc import Sequence
from zlib import crc32

from shared.texts import plain

LONGEST = 1_500  # characters that are looked at
LEAST = 16  # n-grams: what is shorter says too little to be told apart
SKETCH = 64
BANDS, ROWS = 8, 2
HAN, LATIN = 2, 4  # characters of an n-gram
PRIME = (1 << 61) - 1
# What changes from customer to customer: numbers, addresses, links, what stands in quotes of an id.
VOLATILE = re.compile(r"https?://\S{1,300}|[\w.+-]{1,64}@[\w.-]{1,100}|[a-z0-9_-]{0,30}\d[a-z0-9_:.,/-]{0,40}")
RUNS = re.compile(r"(?P<han>[\u3400-\u9fff]+)|[^\W\d_\u3400-\u9fff]+")
# Greetings and thanks make strangers alike.
COURTESY = re.compile(
    r"您好|你好|各位|老师|麻烦|请问|谢谢|感谢|辛苦了?|尽快|帮忙|看一?下|处理一?下"
    r"|\b(?:hello|hi|dear|team|support|please|thanks?(?: you)?|regards|kind|best|could you|can you|help|asap)\b"
)
_FACTORS = [
    (0x9E3779B97F4A7C15 * (2 * n + 1) % PRIME, 0xC2B2AE3D27D4EB4F * (n + 1) % PRIME) for n in range(BANDS * ROWS)
]


def ngrams(text: str) -> set[int]:
    """The hashes of its n-grams, each 32 bits."""
    said = VOLATILE.sub(" ", COURTESY.sub(" ", plain(text, LONGEST).casefold()))
    found: set[int] = set()
    latin: list[str] = []
    for run in RUNS.finditer(said):
        if run["han"]:
            found.update(crc32(part.encode()) for part in _parts(run[0], HAN))
        else:
            latin.append(run[0])
    return found | {crc32(part.encode()) for part in _parts(" ".join(latin), LATIN)}


def sketch(text: str) -> list[int]:
    """Its smallest hashes in order; none of a text that is too short."""
    hashes = ngrams(text)
    # Mixed, because those of similar words lie near each other.
    return sorted(one * 0x9E3779B1 % (1 << 32) for one in hashes)[:SKETCH] if len(hashes) >= LEAST else []


def bands(hashes: Sequence[int]) -> list[str]:
    """What near texts have in common, of their sketches."""
    if not hashes:
        return []
    least = [min((one * factor + more) % PRIME for one in hashes) for factor, more in _FACTORS]
    return [f"{n:x}{crc32(repr(least[n * ROWS : (n + 1) * ROWS]).encode()):08x}" for n in range(BANDS)]


def similarity(one: Sequence[int], other: Sequence[int]) -> float:
    """The estimated Jaccard index of two texts, from 0 to 1, of their sketches."""
    if not one or not other:
        return 0.0
    mine, theirs = set(one), set(other)
    smallest = sorted(mine | theirs)[:SKETCH]
    return sum(hash in mine and hash in theirs for hash in smallest) / len(smallest)


def _parts(text: str, length: int) -> set[str]:
    return {text[at : at + length] for at in range(len(text) - length + 1)}
