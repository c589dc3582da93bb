"""Who is told of what, at which address, and signed with what."""

import ipaddress
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar
from urllib.parse import urlsplit

from pydantic import AwareDatetime

from services.notify.stream.filters import matches
from services.notify.stream.visibility import CUSTOMER_FIELDS
from shared.domain import Aggregate, Conflict, Invalid, NotFound, Refusal, Value
from shared.events import Event, NotifyWebhookDisabled
from shared.terms import Text

MOST_WEBHOOKS = 100
OLD_SECRET_LIVES = timedelta(hours=24)
PUBLIC_KINDS = {event.kind: event for event in CUSTOMER_FIELDS}


class TooManyWebhooks(Conflict):
    title = Text("Too many webhooks", "Webhook 数量已达上限")


class NotActive(Conflict):
    title = Text("The webhook is disabled", "Webhook 已停用")


class Busy(Refusal):
    status = 409
    title = Text("A replay is still running", "重放尚未结束")


class Payload(StrEnum):
    FULL = "full"
    THIN = "thin"


class WebhookState(StrEnum):
    ACTIVE = "active"
    DISABLED = "disabled"
    DELETED = "deleted"


class DisabledBecause(StrEnum):
    """Why nothing is sent any more: somebody said so, it failed for days, or it answered 410 Gone."""

    SOMEBODY = "somebody"
    FAILING = "failing"
    GONE = "gone"


class Secret(Value):
    """`until`: it signs beside its successor until then; None for the newest."""

    sealed: str
    until: AwareDatetime | None = None


class Webhook(Aggregate):
    """`secrets` are sealed, the newest first. `company` and `ticket`: only their events; empty for all."""

    prefix: ClassVar[str] = "WH-"

    name: str
    url: str
    events: list[str]
    company: str = ""
    ticket: str = ""
    payload: Payload = Payload.FULL
    secrets: list[Secret]
    state: WebhookState = WebhookState.ACTIVE
    disabled_because: DisabledBecause | None = None
    created_at: AwareDatetime
    created_by: str = ""
    disabled_at: AwareDatetime | None = None

    @property
    def kinds(self) -> frozenset[type[Event]]:
        return frozenset(kind for name, kind in PUBLIC_KINDS.items() if any(matches(one, name) for one in self.events))

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    def check_there(self) -> None:
        """Raises NotFound for one that was deleted."""
        if self.state is WebhookState.DELETED:
            raise NotFound.of(self.id)

    def check_active(self) -> None:
        """Raises NotFound, NotActive."""
        self.check_there()
        if self.state is not WebhookState.ACTIVE:
            raise NotActive("Enable it first", "请先启用该 Webhook")

    def amend(self, facts: dict[str, object]) -> list[Event]:
        """What is there takes the place of what was. Raises Invalid."""
        changed = Webhook.model_validate({**self.model_dump(), **facts})
        for name in facts:
            setattr(self, name, getattr(changed, name))
        self.check_filled()
        return []

    def check_filled(self) -> None:
        """Raises Invalid for an address or patterns that lead nowhere."""
        check_url(self.url)
        for pattern in self.events:
            if not any(matches(pattern, name) for name in PUBLIC_KINDS):
                raise Invalid(
                    f"No event that goes outside is called {pattern}", f"没有名为 {pattern} 的可对外事件", "body.events"
                )

    def rotate(self, sealed: str, now: datetime) -> list[Event]:
        """The newest secret so far signs a while longer, beside the new one; one before that no more."""
        before = self.secrets[0].model_copy(update={"until": now + OLD_SECRET_LIVES})
        self.secrets = [Secret(sealed=sealed), before]
        return []

    def live_secrets(self, now: datetime) -> list[str]:
        return [one.sealed for one in self.secrets if one.until is None or now < one.until]

    def disable(self, because: DisabledBecause, now: datetime) -> list[Event]:
        """Administrators are told of it unless one of them did it."""
        if self.state is not WebhookState.ACTIVE:
            return []
        self.state, self.disabled_because, self.disabled_at = WebhookState.DISABLED, because, now
        if because is DisabledBecause.SOMEBODY:
            return []
        return [NotifyWebhookDisabled(subject=self.id, time=now, name=self.name, host=self.host, because=because)]

    def enable(self) -> list[Event]:
        self.state, self.disabled_because, self.disabled_at = WebhookState.ACTIVE, None, None
        return []

    def delete(self) -> list[Event]:
        """Only its name is left, for what was sent."""
        self.state, self.url, self.secrets = WebhookState.DELETED, "", []
        return []


def check_url(url: str) -> None:
    """Raises Invalid. Whether the network that it leads to is allowed is seen when it is connected to."""
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1) > 0
        if parts.hostname and ":" in parts.hostname:
            ipaddress.ip_address(parts.hostname)
    except ValueError:
        known = False
    if not known or parts.username is not None or parts.fragment or not url.isascii() or not url.isprintable():
        raise Invalid(
            "An address is https://host/path, without a user name and without #",
            "地址格式为 https://主机/路径，不含用户名与 #",
            "body.url",
        )


def spread(delays: Sequence[timedelta], tries: int) -> timedelta:
    """The delay after so many tries; the last one again and again."""
    return delays[min(tries, len(delays)) - 1]
