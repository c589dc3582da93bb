"""A part that runs now."""

from typing import NamedTuple


class Started(NamedTuple):
    part: str
    what: str
    seconds: float
