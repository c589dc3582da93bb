"""What notify tells: what became of deliveries."""

from shared.events.envelope import Event


class NotifyDelivered(Event):
    kind = "notify.delivered"
    delivery: str
    recipient: str
    channel: str
    template: str


class NotifyFailed(Event):
    kind = "notify.failed"
    delivery: str
    recipient: str
    channel: str
    template: str
    error: str
