"""A saved view: a name, and what is searched for in which order."""

from typing import Any

from pydantic import Field

from services.intake.keeping.domain import Kept

MOST_OWN, MOST_SHARED = 50, 50


class SavedView(Kept):
    """`search` as people sent it, without what is left at its default."""

    search: dict[str, Any] = Field(default_factory=dict)
