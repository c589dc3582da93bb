"""What notify tells: what became of deliveries, and of webhooks."""

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


class NotifyWebhookDisabled(Event):
    """By itself: it failed for days, or answered 410 Gone (`because`)."""

    kind = "notify.webhook_disabled"
    name: str
    host: str
    because: str
