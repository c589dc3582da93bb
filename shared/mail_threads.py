"""By what an answer to one of our mails is recognised: names of tickets that only we can have made.

They stand in the Message-ID and References of each mail, which mail programs send back in In-Reply-To and References
(RFC 5322, 3.6.4), and in the address to answer to (RFC 5233).
"""

import hashlib
import hmac
import re
from collections.abc import Iterable

ANSWER_ABOVE = "##- 请在此行以上回复 / Please type your reply above this line -##"
SIGNED = re.compile(r"(?<![\w-])(TK-[0-9]{4}-[0-9]{6,12})\.([0-9a-f]{16})(?![0-9a-f])", re.ASCII | re.IGNORECASE)
MAIL = re.compile(SIGNED.pattern + r"\.([0-9a-f]{32})(?![0-9a-f])", re.ASCII | re.IGNORECASE)
BESIDE = re.compile(r"(?<![0-9a-z.-])n\.([0-9a-f]{32})\.([0-9a-f]{16})(?![0-9a-f])", re.ASCII | re.IGNORECASE)
LOOKED_AT = 20_000  # characters
MOST = 100  # names


class MailThreads:
    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(f"mail threads {secret}".encode()).digest()

    def name(self, named: str) -> str:
        """Of a ticket: `TK-2026-000001.0123456789abcdef`, 64 bits of HMAC-SHA256."""
        return f"{named}.{hmac.new(self._key, named.encode(), hashlib.sha256).hexdigest()[:16]}"

    def reply_address(self, address: str, ticket: str) -> str:
        """`support+<name>@desk.example` for `support@desk.example`."""
        local, _, domain = address.rpartition("@")
        return f"{local}+{self.name(ticket)}@{domain}"

    def ticket_in(self, texts: Iterable[str]) -> str:
        """The ticket of the last name that we made, which is the one that was answered; empty if there is none. Mail
        servers may change upper and lower case."""
        found = [name for text in texts for name in list(SIGNED.finditer(text[-LOOKED_AT:]))[-MOST:]]
        tickets = (one[1].upper() for one in reversed(found) if self._is_ours(one[1].upper(), one[2].lower()))
        return next(tickets, "")

    def mail_in(self, ticket: str, texts: Iterable[str]) -> str:
        """Which of our mails about this ticket the last Message-ID of ours is of: the id of its notification; empty if
        there is none."""
        found = [name for text in texts for name in list(MAIL.finditer(text[-LOOKED_AT:]))[-MOST:]]
        ours = (
            one[3].lower()
            for one in reversed(found)
            if one[1].upper() == ticket and self._is_ours(ticket, one[2].lower())
        )
        return next(ours, "")

    def beside(self, delivery: str) -> str:
        """`n.<id>.<signature>`: the name of a mail in no thread, by the id of its notification."""
        return f"n.{self.name(delivery)}"

    def mail_beside_in(self, texts: Iterable[str]) -> str:
        """Which of our mails in no thread the last Message-ID of ours is of: the id of its notification; empty if there
        is none."""
        found = [name for text in texts for name in list(BESIDE.finditer(text[-LOOKED_AT:]))[-MOST:]]
        ours = (one[1].lower() for one in reversed(found) if self._is_ours(one[1].lower(), one[2].lower()))
        return next(ours, "")

    def _is_ours(self, named: str, signature: str) -> bool:
        return hmac.compare_digest(self.name(named), f"{named}.{signature}")
