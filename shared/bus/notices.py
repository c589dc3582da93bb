"""What is of account for a moment only: told to whoever listens just now, on every replica, and kept nowhere."""

import contextlib
import logging
from collections.abc import Callable
from typing import TypeVar

import nats.errors
from faststream.nats import NatsMessage
from pydantic import BaseModel, ValidationError

from shared.bus.link import Link

logger = logging.getLogger(__name__)
N = TypeVar("N", bound=BaseModel)


class Notices:
    def __init__(self, link: Link) -> None:
        self._link = link

    async def publish(self, notice: str, body: BaseModel) -> None:
        """Whoever does not listen now never learns of it; while the server is away nobody does."""
        with contextlib.suppress(nats.errors.Error):
            await self._link.client.publish(self._link.names.notice(notice), body.model_dump_json().encode())

    def on(self, notice: str, kind: type[N], handler: Callable[[N], object]) -> None:
        """Before the bus is started. Other things than `kind` are passed over."""

        async def receive(message: NatsMessage) -> None:
            try:
                found = kind.model_validate_json(message.body)
            except ValidationError as error:
                logger.warning("a notice of %s is not understood: %d errors", notice, error.error_count())
                return
            handler(found)

        self._link.subscribe(self._link.names.notice(notice), receive)
