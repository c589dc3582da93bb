"""Mailboxes on IMAP servers (RFC 9051), looked at every twenty seconds by one replica at a time.

A mail is stored here before its message is marked as seen there, or moved, so a kill between the two takes it once more
and finds that it is known. What other programs do in the mailbox does not matter.
"""

import asyncio
import logging
import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.utils import parseaddr
from imaplib import IMAP4
from urllib.parse import urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError
from imap_tools.utils import encode_folder

from services.intake.mails.handlers import MailHandlers
from services.intake.mails.polling import PolledMailbox, stand_in
from services.intake.mails.settings import ImapAccount
from services.intake.mails.store import PolledMailboxes
from services.intake.tickets.handlers import INTAKE

logger = logging.getLogger(__name__)
WITHIN = 30.0  # seconds for each answer of the server
AT_ONCE = 50  # mails in one look
PORTS = {"imaps": 993, "imap": 143}
ERRORS = (OSError, ImapToolsError, IMAP4.error)


class ImapRefusal(Exception):
    """The server said no."""


class ImapFolder:
    """One folder of an account while it is connected. All of it waits for the network, so it runs in a thread. Raises
    ERRORS, and ImapRefusal."""

    def __init__(self, account: ImapAccount) -> None:
        address = urlsplit(account.url)
        host, port = address.hostname or "", address.port or PORTS[address.scheme]
        self._account = account
        self._box: BaseMailBox
        if address.scheme == "imaps":
            self._box = MailBox(host, port, WITHIN, ssl_context=ssl.create_default_context())
        else:
            self._box = MailBoxUnencrypted(host, port, WITHIN)
        try:
            is_plain = account.user.isascii() and account.password.isascii()
            login = self._box.login if is_plain else self._box.login_utf8
            login(account.user, account.password, account.folder)
            [said] = self._box.client.response("UIDVALIDITY")[1] or [b"0"]
        except Exception:
            self.close()
            raise
        self.uid_validity = int(said or b"0")

    def all_uids(self) -> list[int]:
        return self._search("ALL")

    def unseen(self) -> list[int]:
        return self._search("UNSEEN")

    def newer_than(self, uid: int) -> list[int]:
        return [one for one in self._search(f"UID {uid + 1}:*") if one > uid]  # `*` is the last one, even if it is less

    def _search(self, criteria: str) -> list[int]:
        return sorted(int(uid) for uid in self._box.uids(criteria))

    def fetch(self, uid: int, most: int) -> bytes:
        """The mail as it came, or what stands for one that has more bytes than that; empty when it is gone."""
        known = self._fetch(uid, "(RFC822.SIZE BODY.PEEK[HEADER])")
        if known is None:
            return b""
        about, head = known
        size = int(about.partition(b"RFC822.SIZE ")[2].split()[0].rstrip(b")"))
        if size > most:
            return stand_in(head, size, most)
        whole = self._fetch(uid, "(BODY.PEEK[])")
        return whole[1] if whole else b""

    def _fetch(self, uid: int, what: str) -> tuple[bytes, bytes] | None:
        status, found = self._box.client.uid("FETCH", str(uid), what)
        if status != "OK":
            raise ImapRefusal(f"FETCH: {status}")
        for one in found:
            if isinstance(one, tuple):
                tail = b" ".join(other for other in found if isinstance(other, bytes))
                return one[0] + b" " + tail, one[1]
        return None

    def mark(self, uid: int) -> None:
        """Seen, and out of the way if there is a folder for it."""
        # Not by the library's own ways: they expunge, and with it what others have marked as deleted.
        command: tuple[str, ...] = ("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")
        if self._account.archive:
            command = ("MOVE", str(uid), encode_folder(self._account.archive).decode())
        status, said = self._box.client.uid(*command)
        if status != "OK":
            raise ImapRefusal(f"{command[0]}: {said}")

    def close(self) -> None:
        """Whatever it answers: the connection ends."""
        try:
            self._box.logout()
        except ERRORS as error:
            logger.info("%s did not say goodbye: %s", self._account.url, error)
            with suppress(OSError):  # it is closed already
                self._box.client.shutdown()


@dataclass(frozen=True)
class ImapPoller:
    accounts: Mapping[str, ImapAccount]  # by their address
    mails: MailHandlers
    store: PolledMailboxes
    now: Callable[[], datetime]

    async def start(self) -> None:
        for address in self.accounts:
            await self.store.add(PolledMailbox(id=address, due_at=self.now()), [], INTAKE)

    async def when_due(self, ids: Sequence[str]) -> None:
        """One that does not answer keeps no other waiting."""
        await asyncio.gather(*map(self._poll, ids))

    async def _poll(self, id: str) -> None:
        account, known = self.accounts.get(id), await self.store.find(id)
        if account is None:  # it is no longer a setting
            await self.store.remove([id])
            return
        if known is None or known.due_at is None or known.due_at > self.now():
            return
        error, has_more = "", False
        try:
            has_more = await self._read(account, known)
        except (*ERRORS, ImapRefusal) as failure:
            error = f"{type(failure).__name__}: {failure}"
            logger.warning("the mailbox %s is not read: %s", id, error)
        await self.store.change(id, lambda one: one.finish(error, has_more, self.now()), INTAKE)

    async def _read(self, account: ImapAccount, known: PolledMailbox) -> bool:
        """Whether there is more than one look takes."""
        folder = await asyncio.to_thread(ImapFolder, account)
        try:
            is_first = known.is_first(folder.uid_validity)
            last = max(await asyncio.to_thread(folder.all_uids), default=0) if is_first else known.last_uid
            new = await asyncio.to_thread(folder.unseen if is_first else lambda: folder.newer_than(last))
            for uid in new[:AT_ONCE]:
                await self._take(account, folder, uid, is_first)
            if is_first and len(new) <= AT_ONCE:
                await self._advance(account, folder, last)
            return len(new) > AT_ONCE
        finally:
            await asyncio.to_thread(folder.close)

    async def _take(self, account: ImapAccount, folder: ImapFolder, uid: int, is_first: bool) -> None:
        raw = await asyncio.to_thread(folder.fetch, uid, self.mails.settings.max_bytes)
        if raw:
            await self.mails.receive(raw, sender_of(raw), [account.address])
        if not is_first:
            await self._advance(account, folder, uid)
        if raw:
            await asyncio.to_thread(folder.mark, uid)

    async def _advance(self, account: ImapAccount, folder: ImapFolder, uid: int) -> None:
        validity = folder.uid_validity
        await self.store.change(account.address.lower(), lambda one: one.advance(validity, uid), INTAKE)


def sender_of(raw: bytes) -> str:
    """Whom the delivering server was told (RFC 5321, 4.4): empty for a bounce, or where it wrote nothing."""
    return parseaddr(str(message_from_bytes(raw).get("Return-Path", "")))[1]
