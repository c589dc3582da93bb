"""A mailbox on an IMAP server, as a mail program sees it."""

from imaplib import IMAP4
from typing import Any, cast
from uuid import uuid4

from imap_tools.imap_utf7 import utf7_encode

from tests.intake.mails.samples import SUPPORT

USER, PASSWORD = "support", "geheim-Geheim-1"


class Folder:
    """One of its own for each test."""

    def __init__(self, port: int) -> None:
        self.name = f"in-{uuid4().hex[:8]}"
        self.done = f"已处理-{uuid4().hex[:8]}"
        self.port = port
        self.client = IMAP4("127.0.0.1", port)
        self.client.login(USER, PASSWORD)
        self.create()
        self.client.create(encoded(self.done))

    def create(self) -> None:
        self.client.create(self.name)

    def remove(self) -> None:
        self.client.delete(self.name)

    def add(self, raw: bytes, flags: str = "") -> None:
        status, said = self.client.append(self.name, flags, cast(Any, None), raw)
        assert status == "OK", said

    def found(self, criteria: str, name: str = "") -> int:
        self.client.select(name or self.name, readonly=True)
        found = self.client.uid("SEARCH", criteria)[1][0]
        self.client.close()  # which expunges nothing of what was only read
        return len(found.split())


def encoded(name: str) -> str:
    return f'"{utf7_encode(name).decode()}"'


def account(folder: Folder, **other: Any) -> dict[str, Any]:
    url = f"imap://127.0.0.1:{folder.port}"
    return {"address": SUPPORT, "url": url, "user": USER, "secret": PASSWORD, "folder": folder.name, **other}
