"""Sending one event to one webhook, and writing down what came of it."""

import asyncio
from dataclasses import dataclass
from functools import partial

import httpx2

from services.notify.webhooks.domain import Webhook
from services.notify.webhooks.endpoint import Answer, post
from services.notify.webhooks.payloads import body_of, test_body
from services.notify.webhooks.sendings import Sending, SendingAttempt
from services.notify.webhooks.signing import signed
from services.notify.webhooks.store import Sendings
from shared.domain import Origin
from shared.events import Event
from shared.mongo import is_transient
from shared.sealed import Sealer
from shared.service import Now

SELF = Origin.service("notify")
RECORD_RETRY_DELAY = 0.3  # seconds, while the database is away


@dataclass(frozen=True)
class WebhookSender:
    """`url` is the desk's, for links."""

    log: Sendings
    http: httpx2.AsyncClient
    sealer: Sealer
    url: str
    now: Now

    async def send(self, webhook: Webhook, event: Event, sequence: int, is_last: bool) -> Answer:
        """After a crash between the sending and its record it is sent once more, under the same id."""
        sending = Sending.of(webhook, event, sequence, self.now())
        answer = await self._post(webhook, sending.id, body_of(event, webhook.payload, self.url))
        attempt = SendingAttempt(
            at=self.now(), status=answer.status, error=answer.error, milliseconds=round(answer.seconds * 1000)
        )
        await self._record(sending, attempt, is_last)
        return answer

    async def test(self, webhook: Webhook, id: str) -> Answer:
        """An event that never happened; it is not in the log."""
        return await self._post(webhook, id, test_body(webhook.id, id, self.now()))

    async def _post(self, webhook: Webhook, id: str, body: bytes) -> Answer:
        opened = [self.sealer.open(one) for one in webhook.live_secrets(self.now())]
        secrets = [one for one in opened if one]
        if not secrets:
            return Answer(0, "the secret cannot be opened: rotate it", 0.0)
        return await post(self.http, webhook.url, body, signed(secrets, id, self.now(), body))

    async def _record(self, sending: Sending, attempt: SendingAttempt, is_last: bool) -> None:
        """However long it takes: what is not on record is sent again."""
        note = partial(Sending.note, attempt=attempt, is_last=is_last)
        fresh = sending.model_copy(deep=True)
        note(fresh)
        while True:
            try:
                if await self.log.add(fresh, [], SELF) is not fresh:
                    await self.log.change(sending.id, note, SELF)
                return
            except Exception as error:
                if not is_transient(error):
                    raise
                await asyncio.sleep(RECORD_RETRY_DELAY)
