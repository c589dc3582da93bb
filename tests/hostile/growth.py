"""Tells work that grows with the length of a text from work that grows faster, on a machine that may be busy."""

from collections.abc import Callable
from time import thread_time

SIZES = (20, 256, 1024, 4096, 16384)
TELLING = 1024  # from this length on: if not even the square of it would be noticed, longer texts need not be tried
APART = 8  # the sizes that are compared are so many times apart,
TOLERATED = 3  # and the longer text may take so many times what it should; the square would be 8 times
UNNOTICED = 0.01  # seconds of CPU that are never looked at
TRIES = 3


def grows_faster_than_text(work: Callable[[str], object], text_of: Callable[[int], str]) -> str:
    """Empty when the work is linear, else how much longer a longer text took. `text_of` gives a text of about a length.

    What counts is this thread's own CPU time and a ratio, never a limit: a slow machine is slow for both lengths.
    """
    for size in SIZES:
        cost = _cost(work, text_of(size))
        if size >= TELLING and cost * (SIZES[-1] / size) ** 2 < UNNOTICED:
            return ""
        if cost < UNNOTICED or size < APART:
            continue
        for _ in range(TRIES):  # one that is linear shows it at least once
            short, long = _cost(work, text_of(size // APART)), _cost(work, text_of(size))
            if long <= max(APART * TOLERATED * short, UNNOTICED):
                break
        else:
            return f"{size} characters took {long / short:.0f} times as long as {size // APART}: {text_of(40)!r}…"
    return ""


def _cost(work: Callable[[str], object], text: str) -> float:
    began = thread_time()
    work(text)
    return thread_time() - began
