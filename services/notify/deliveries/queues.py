"""A queue for each channel, with workers of its own: one that is slow or away holds up no other."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from services.notify.channels.domain import DeliveryChannel
from services.notify.deliveries.domain import Delivery
from services.notify.deliveries.mail_queue import MailQueue, Renew, Send

NOT_SENT = {DeliveryChannel.ONLINE, DeliveryChannel.TELEPHONE}


class Queues:
    def __init__(self) -> None:
        self._by_channel = {channel: MailQueue() for channel in {*DeliveryChannel} - NOT_SENT}

    @property
    def tasks(self) -> list[asyncio.Task[None]]:
        return [task for queue in self._by_channel.values() for task in queue.tasks]

    def sends(self, channel: DeliveryChannel) -> bool:
        return channel in self._by_channel

    def __contains__(self, id: str) -> bool:
        return any(id in queue for queue in self._by_channel.values())

    def of(self, channel: DeliveryChannel) -> MailQueue:
        return self._by_channel[channel]

    def has_lease(self, delivery: Delivery, now: datetime) -> bool:
        return self.of(delivery.channel).has_lease(delivery, now)

    def start(self, send: Send, renew: Renew, on_room: Callable[[], None], now: Callable[[], datetime]) -> None:
        for queue in self._by_channel.values():
            queue.start(send, renew, on_room, now)

    async def join(self) -> None:
        """Wait until everything is sent, or has failed."""
        for queue in self._by_channel.values():
            await queue.join()

    async def stop(self) -> list[str]:
        """As that of each of them, at the same time."""
        left = await asyncio.gather(*(queue.stop() for queue in self._by_channel.values()))
        return [id for ids in left for id in ids]
