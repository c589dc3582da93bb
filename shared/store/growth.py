"""Lists that grow: a long one is not written again as a whole for what is put into it."""

from collections.abc import Mapping
from typing import Any

LONG = 20  # elements


def grown(before: Mapping[str, Any], update: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Of the fields in `update`, those that are the list there was with something put in at one place: the `$push`
    that does so."""
    found = {name: _put_in(before.get(name), value) for name, value in update.items()}
    return {name: push for name, push in found.items() if push}


def _put_in(old: Any, new: Any) -> dict[str, Any] | None:
    if not (isinstance(old, list) and isinstance(new, list) and LONG <= len(old) < len(new)):
        return None
    at = next((n for n, one in enumerate(old) if one != new[n]), len(old))
    more = len(new) - len(old)
    if new[at + more :] != old[at:]:
        return None
    return {"$each": new[at : at + more], "$position": at}
