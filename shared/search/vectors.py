"""Vectors on disk and in memory, a byte a number, known by a number that is made of the text.

A file of records that are only ever added: what a kill leaves half-written at its end is cut off, what is damaged is
left out, and made again. So it never has a vector of another text, and two replicas have the same of the same texts.
"""

import hashlib
import os
import re
import threading
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shared.search.embedding import DIMENSIONS
from shared.search.words import CJK

RECORD = np.dtype([("crc", "<u4"), ("key", "<i8"), ("scale", "<f4"), ("numbers", "i1", (DIMENSIONS,))])
HEAD = 64  # bytes: what the vectors were made by
AT_ONCE = 2_048  # rows, so that what is worked on stays in the processor's cache
FIRST_ROOM = 1_024  # rows
# What the model takes from a cosine because the languages are two: the difference between the middle ones of what has
# nothing to do with a question, in its own language and in the other, in our own small set.
OTHER_LANGUAGE = 0.042
Floats = NDArray[np.float32]
_IS_CJK = re.compile(f"[{CJK}]")


@dataclass(frozen=True)
class Meaning:
    """Of a question; `share` of its text, from 0 to 1, is in the vector."""

    vector: Floats
    is_chinese: bool
    share: float = 1.0


def is_chinese(text: str) -> bool:
    return _IS_CJK.search(text) is not None


def key_of(text: str) -> int:
    """64 bits, signed; the last one says whether it is Chinese."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True) & ~1 | is_chinese(text)


class Vectors:
    """Read by several threads while one adds."""

    def __init__(self, path: Path, label: str) -> None:
        """What is in the file is taken over, if it was made by what has this label. Raises OSError."""
        self._path, self._head = path, label.encode().ljust(HEAD)[:HEAD]
        self._lock = threading.Lock()
        self._rows: dict[int, int] = {}
        self._records: NDArray[np.void] = np.empty(FIRST_ROOM, RECORD)
        self._fill(self._read())

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def keys(self) -> set[int]:
        return set(self._rows)

    def add(self, key: int, vector: Floats) -> None:
        """Raises OSError."""
        with self._lock:
            if key in self._rows:
                return
            record = _record(key, vector)
            with self._path.open("ab") as file:
                file.write(record.tobytes())
            row = len(self._rows)
            if row == len(self._records):
                more = np.empty(2 * row, RECORD)
                more[:row] = self._records
                self._records = more
            self._records[row] = record[0]
            self._rows[key] = row

    def remove(self, keys: Iterable[int]) -> None:
        """Raises OSError."""
        gone = set(keys)
        with self._lock:
            kept = self._records[[row for key, row in self._rows.items() if key not in gone]]
            self._write(kept)
            self._fill(kept)

    def likeness(self, question: Meaning, keys: Sequence[int]) -> dict[int, float]:
        """Cosines of those that there are, higher where the language is another (OTHER_LANGUAGE)."""
        with self._lock:
            records = self._records
            there = {key: row for key in dict.fromkeys(keys) if (row := self._rows.get(key)) is not None}
        found = _cosines(records[list(there.values())], question)
        return dict(zip(there, found.tolist(), strict=True))

    def closest(self, question: Meaning, most: int) -> list[int]:
        """Keys, the most similar first. Each one is looked at: a millisecond for 15,000 of them."""
        with self._lock:
            records = self._records[: len(self._rows)]
        cosines = _cosines(records, question)
        best = np.argpartition(-cosines, most - 1)[:most] if len(cosines) > most else np.arange(len(cosines))
        return [int(key) for key in records["key"][best[np.argsort(-cosines[best], kind="stable")]]]

    # ---- inside

    def _read(self) -> NDArray[np.void]:
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            content = b""
        if content[:HEAD] != self._head:
            none = np.empty(0, RECORD)
            self._write(none)
            return none
        whole = len(content) - (len(content) - HEAD) % RECORD.itemsize
        if whole < len(content):
            os.truncate(self._path, whole)
        found = np.frombuffer(content[HEAD:whole], RECORD)
        is_right = [one["crc"] == zlib.crc32(one.tobytes()[4:]) for one in found]
        return found if all(is_right) else found[np.array(is_right)]

    def _write(self, records: NDArray[np.void]) -> None:
        """All at once: the former file is there until the new one is."""
        fresh = self._path.with_suffix(".new")
        with fresh.open("wb") as file:
            file.write(self._head + records.tobytes())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)

    def _fill(self, records: NDArray[np.void]) -> None:
        room = np.empty(max(FIRST_ROOM, len(records)), RECORD)
        room[: len(records)] = records
        self._records, self._rows = room, {int(key): row for row, key in enumerate(records["key"])}


def _record(key: int, vector: Floats) -> NDArray[np.void]:
    scale = float(np.abs(vector).max()) / 127 or 1.0
    record = np.zeros(1, RECORD)
    record["key"], record["scale"], record["numbers"] = key, scale, np.rint(vector / scale)
    record["crc"] = zlib.crc32(record.tobytes()[4:])
    return record


def _cosines(records: NDArray[np.void], question: Meaning) -> Floats:
    found = np.empty(len(records), np.float32)
    room = np.empty((min(AT_ONCE, len(records)), DIMENSIONS), np.float32)
    for at in range(0, len(records), AT_ONCE):
        part = records["numbers"][at : at + AT_ONCE]
        room[: len(part)] = part
        np.dot(room[: len(part)], question.vector, out=found[at : at + len(part)])
    is_other = (records["key"] & 1) != question.is_chinese
    cosines: Floats = found * records["scale"] + np.float32(OTHER_LANGUAGE) * is_other
    return cosines
