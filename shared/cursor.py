"""The cursors of lists: where a page ended, for whoever asks for the next one.

A cursor names its list and has a checksum, so that one that is damaged, made up or of another list is refused. It hides
nothing and proves nothing: it says no more than the page did, and a list shows everybody only what is theirs.
"""

import base64
import hashlib
import json

from shared.domain import Invalid

CHECKSUM = 6  # bytes
Key = int | str


def seal(of: str, key: Key, id: str = "") -> str:
    """A cursor behind this element of the list `of`."""
    content = json.dumps([key, id], ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_checksum(of, content) + content).decode().rstrip("=")


def unseal(of: str, cursor: str) -> tuple[Key, str]:
    """The key and the id that were sealed. Raises Invalid (422)."""
    try:
        sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
        content = sealed[CHECKSUM:]
        if sealed[:CHECKSUM] != _checksum(of, content):
            raise ValueError("it is of another list, or damaged")
        key, id = json.loads(content)
    except (ValueError, TypeError, RecursionError) as error:
        raise invalid() from error
    if not isinstance(key, int | str) or not isinstance(id, str):
        raise invalid()
    return key, id


def invalid() -> Invalid:
    return Invalid(
        "`after` must be the `next` of the previous page of this list",
        "`after` 必须是该列表上一页返回的 `next`",
        "query.after",
    )


def _checksum(of: str, content: bytes) -> bytes:
    return hashlib.sha256(of.encode() + b"\n" + content).digest()[:CHECKSUM]
