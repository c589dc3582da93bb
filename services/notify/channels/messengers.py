"""Sending by the messengers that customers write from.

A message leaves by the account that they wrote to. What a platform cannot take at once leaves as several messages;
where that stopped is known, and it goes on from there. WeCom and Feishu recognise what is sent to them a second time;
DingTalk does not, so what it took without our hearing its answer is sent again.
"""

import logging
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

import httpx2

from services.notify.channels.domain import Message, PermanentFailure, TransientFailure
from services.notify.channels.parts import parts_of, plain
from shared.messengers.platform import Platform, PlatformRefusal, TokenRefused

logger = logging.getLogger(__name__)
TIME_ZONE = ZoneInfo("Asia/Shanghai")
LONGEST_WAIT = 3600.0  # seconds that a platform may ask for
MARK_BYTES = 40  # of the last line of each part


class MessengerAccount(ABC):
    """Of one account. `limit` in bytes of one message, `most` messages of one delivery; `waits` are the codes by which
    the platform says not now, and the seconds until it may be asked again."""

    platform: Platform
    limit: ClassVar[int]
    most: ClassVar[int]
    waits: ClassVar[Mapping[str, float]]

    async def offer(self, to: str, message: Message) -> None:
        """What else goes with it, once all parts were taken; raises as `send`. Most have nothing."""
        return

    @abstractmethod
    async def send(self, to: str, text: str, id: str, message: Message) -> str:
        """One part, with an id that stays the same. Returns what the platform calls it. Raises PlatformRefusal,
        TokenRefused, PermanentFailure, TransientFailure, and whatever httpx2 raises."""

    def is_for_now(self, code: str) -> float | None:
        """The seconds to wait; None for a refusal for good."""
        return self.waits.get(code)


@dataclass(frozen=True)
class MessengerSender:
    """`accounts` by channel and id: `wecom:desk`."""

    accounts: Mapping[str, MessengerAccount]

    def reaches(self, address: str) -> bool:
        return account_of(address) in self.accounts

    async def send(self, message: Message) -> str:
        """Returns the platform's id of the last part. Raises PermanentFailure, TransientFailure."""
        account, to = self.accounts.get(account_of(message.address)), member_of(message.address)
        if account is None:
            raise PermanentFailure(f"{account_of(message.address)} is no account that answers are sent by")
        sent, texts = message.parts_sent, texts_of(message, account)
        provider_id = ""
        for number, text in enumerate(texts[sent:], start=sent):
            try:
                provider_id = await account.send(to, text, f"{message.id}-{number}", message)
            except (PlatformRefusal, TokenRefused, TransientFailure, httpx2.HTTPError, httpx2.InvalidURL) as error:
                raise _failure(error, account, number) from error
        await self._offer(account, to, message, len(texts))
        return provider_id[:200]

    async def _offer(self, account: MessengerAccount, to: str, message: Message, sent: int) -> None:
        """All was said: that this is refused is no failure."""
        try:
            await account.offer(to, message)
        except (PlatformRefusal, TokenRefused, PermanentFailure) as refusal:
            logger.warning("what goes with %s was not taken: %s", message.id, refusal)
        except (TransientFailure, httpx2.HTTPError) as error:
            raise _failure(error, account, sent) from error


def account_of(address: str) -> str:
    return ":".join(address.split(":", 2)[:2])


def member_of(address: str) -> str:
    return address.split(":", 2)[-1]


def texts_of(message: Message, account: MessengerAccount) -> list[str]:
    """The parts. Each ends with its number and the time: so no two are the same to a platform that drops what it takes
    for a repetition, unless they are."""
    text = plain(f"{message.subject}\n\n{message.content.text}")
    parts = parts_of(text, account.limit - MARK_BYTES, account.most)
    at = f"{message.created_at.astimezone(TIME_ZONE):%m-%d %H:%M:%S}"
    if len(parts) == 1:
        return [f"{parts[0]}\n\n— {at}"]
    return [f"{part}\n\n— {number}/{len(parts)} · {at}" for number, part in enumerate(parts, start=1)]


def _failure(error: Exception, account: MessengerAccount, sent: int) -> PermanentFailure | TransientFailure:
    """An error of httpx2 is not told in its own words: these may hold a token."""
    if isinstance(error, PlatformRefusal):
        wait = account.is_for_now(error.code)
        if wait is None:
            return PermanentFailure(str(error))
        return TransientFailure(str(error), timedelta(seconds=wait), sent, is_accounts=True)
    if isinstance(error, httpx2.HTTPStatusError):
        asked = error.response.headers.get("retry-after", "")
        wait = min(float(asked), LONGEST_WAIT) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0.0
        return TransientFailure(f"HTTP {error.response.status_code}", timedelta(seconds=wait), sent, is_accounts=True)
    if isinstance(error, TransientFailure):
        return TransientFailure(str(error), error.wait, sent)
    if isinstance(error, TokenRefused):
        return TransientFailure(str(error), parts_sent=sent, is_accounts=True)
    return TransientFailure(type(error).__name__, parts_sent=sent, is_accounts=True)
