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


class NotifyContactTaskOpened(Event):
    """A customer is to be telephoned, because nothing else reaches them. `reason`: there is no address, sending
    failed, or a mail bounced; `template` is what did not reach them first."""

    kind = "notify.contact_task_opened"
    task: str
    template: str
    reason: str


class NotifyContactTaskDone(Event):
    """`actor` has telephoned; `deliveries` are the notifications that were to be told."""

    kind = "notify.contact_task_done"
    task: str
    reached: bool
    deliveries: list[str] = []


class NotifyWebhookDisabled(Event):
    """By itself: it failed for days, or answered 410 Gone (`because`)."""

    kind = "notify.webhook_disabled"
    name: str
    host: str
    because: str


class NotifyUnacknowledged(Event):
    """Somebody who had to be told at once (`recipient`, called `name`) has not read it, though it was sent again. It is
    about a ticket or an incident, and was called `title`; `times` counts how often this was told."""

    kind = "notify.unacknowledged"
    delivery: str
    recipient: str
    name: str
    title: str
    times: int
