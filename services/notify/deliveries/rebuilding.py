"""What events say became of deliveries: all that is known while a lost database is rebuilt, when nothing is sent again,
and what became of those that a digest told."""

from services.notify.channels.domain import DeliveryChannel
from services.notify.deliveries.domain import BOUNCED, Attempt, Delivery, DeliveryState
from shared.events import Event, NotifyDelivered, NotifyFailed


def suppress(delivery: Delivery) -> None:
    """It was sent before, or failed: it is not sent again. What was to be told by telephone waits for a person still,
    unless a later event says that it was."""
    if delivery.channel is DeliveryChannel.TELEPHONE:
        return
    delivery.state, delivery.due_at, delivery.held_until = DeliveryState.SENT, None, None


def restore_outcome(delivery: Delivery, event: NotifyDelivered | NotifyFailed) -> list[Event]:
    if event.channel == DeliveryChannel.ROBOT:  # of the message in the group, not of what stands in the inbox
        return []
    error = event.error if isinstance(event, NotifyFailed) else ""
    delivery.state = DeliveryState.FAILED if error else DeliveryState.SENT
    if error.startswith(BOUNCED):
        delivery.state = DeliveryState.BOUNCED
    delivery.attempts = [Attempt(at=event.time, error=error, channel=DeliveryChannel(event.channel))]
    return []
