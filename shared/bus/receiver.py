"""What becomes of each message that the consumer delivers."""

import asyncio
import logging
from collections.abc import Container

from faststream.nats import NatsMessage

from shared.bus.attempts import Attempts
from shared.bus.batches import Batches
from shared.bus.dead_letters import DeadLetters
from shared.bus.deferred_queue import DeferredQueue
from shared.bus.delivery import Delivery, is_delivery
from shared.bus.lanes import Lanes
from shared.bus.link import Link
from shared.bus.names import TARGET_SERVICE, digest
from shared.bus.window import Window
from shared.events import Event, Malformed, UnknownType

logger = logging.getLogger(__name__)
MOST_OFFERS = 4  # deliveries of an event whose type is not known here, before it is kept until somebody knows it
DEFER_WITHIN = 3.0  # seconds, while what comes next has to wait
REDELIVER_AFTER = 5.0  # seconds until the server delivers again what could not be put away


class Receiver:
    def __init__(
        self,
        link: Link,
        handlers: Container[type[Event]],
        attempts: Attempts,
        lanes: Lanes,
        batches: Batches,
        deferred: DeferredQueue | None,
        dead_letters: DeadLetters,
        window: Window,
    ) -> None:
        self._link = link
        self._handlers = handlers
        self._attempts = attempts
        self._lanes = lanes
        self._batches = batches
        self._deferred = deferred
        self._dead_letters = dead_letters
        self._window = window

    async def receive(self, message: NatsMessage) -> None:
        raw = message.raw_message
        if not is_delivery(raw):
            self._window.on_status(raw.headers or {})
            return
        self._window.on_delivery()
        delivery = Delivery(raw, self._link)
        try:
            await self._take(delivery)
        except Exception as error:  # the bus or the store is away
            logger.warning("%s comes again: %s %s", delivery.subject, type(error).__name__, error)
            await delivery.nak(REDELIVER_AFTER)
        self._window.wake()

    async def _take(self, delivery: Delivery) -> None:
        """Begin to handle it at once, but one about the same subject only after those before it."""
        if self._attempts.stopping:
            return await delivery.nak()
        if delivery.headers.get(TARGET_SERVICE, self._link.names.service) != self._link.names.service:
            return await delivery.ack()
        try:
            event = Event.from_wire(delivery.body)
        except UnknownType as error:
            return await self._pass_on(str(error), delivery)
        except Malformed as error:
            await self._dead_letters.add_delivery(delivery, f"{error} ({digest(delivery.body)})", delivery.times)
            return await delivery.term()
        if type(event) not in self._handlers:
            return await self._pass_on(event.type(), delivery)
        in_batch = self._batches.takes(event, delivery) and type(event) not in self._batches.first
        (self._batches if in_batch else self._lanes).take(event, delivery)
        return None

    async def _pass_on(self, type: str, delivery: Delivery) -> None:
        """A newer replica has added this type to the consumer. It is offered again, then deferred."""
        if delivery.times <= MOST_OFFERS or self._deferred is None:
            return await delivery.nak(0.25 * delivery.times)
        async with asyncio.timeout(DEFER_WITHIN):
            await self._deferred.put_unknown(type, delivery)
        return await delivery.ack()
