"""Documents of the release that kept no facts: what it made of them is taken as it stands."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

Doc = dict[str, Any]


def with_facts(doc: Doc) -> Doc:
    if "facts" in doc or not doc.get("opened_at"):
        return doc
    published = {key: {"revision": 0, "at": at} for key, at in _published(doc["clocks"])}
    return {**doc, "base": {"life": doc, "until": doc["opened_at"]}, "told": published}


def _published(clocks: dict[str, Doc]) -> Iterator[tuple[str, datetime]]:
    """What must not be published once more."""
    for kind, clock in clocks.items():
        if late := clock.get("breached_at"):
            yield f"breached {kind}", late
            if kind == "consultation":
                yield "consultation due", late
        if warned := clock.get("warned_at"):
            yield f"warned {kind}", warned
        if kind == "call_back":
            yield "call-back due", clock["ledger"][0]["start"]
