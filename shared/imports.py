"""Imports of records row by row, the same in every service: the same rows again change nothing."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from shared.domain import Origin
from shared.terms import Term, Text

Facts = Mapping[str, object]  # what a row says, by field


class ImportOutcome(Term):
    CREATED = "created", "created", "新建"
    CHANGED = "changed", "changed", "更新"
    UNCHANGED = "unchanged", "unchanged", "无变化"
    REFUSED = "refused", "refused", "拒绝"


@dataclass(frozen=True)
class ImportedRow:
    """What became of a row, the first being 1; `reason` says why it was refused."""

    row: int
    outcome: ImportOutcome
    id: str = ""
    reason: Text | None = None


def row_origin(by: Origin, facts: Facts) -> Origin:
    """Of this row alone: rows of one request are different things."""
    content = hashlib.sha256(repr(sorted(facts.items(), key=lambda fact: fact[0])).encode()).hexdigest()[:32]
    return replace(by, key="", digest=content, if_match=None)
