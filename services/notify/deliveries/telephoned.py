"""What is told by telephone, and that it was."""

from datetime import datetime

from services.notify.channels.domain import DeliveryChannel
from services.notify.deliveries.domain import Attempt, Delivery, DeliveryState
from services.notify.deliveries.rules import RULES, Recipient
from shared.events import Event, NotifyDelivered

CUSTOMER_TEXTS = {rule.template for rules in RULES.values() for rule in rules if rule.to is Recipient.CUSTOMER}
# Nobody is telephoned to be told who has the ticket, nor to be read a link.
ON_FAILURE = CUSTOMER_TEXTS - {"assigned", "link"}
# Who has no address telephoned: that the ticket was opened they have heard.
WITHOUT_ADDRESS = ON_FAILURE - {"opened"}


def by_telephone(delivery: Delivery, phone: str) -> Delivery:
    """It waits for a person, not for its time."""
    delivery.channels, delivery.address = [*delivery.channels, DeliveryChannel.TELEPHONE], phone
    delivery.state, delivery.due_at = DeliveryState.QUEUED, None
    return delivery


def telephoned(delivery: Delivery, reached: bool, now: datetime) -> list[Event]:
    """What waits to be sent again is sent all the same."""
    if delivery.state not in (DeliveryState.QUEUED, DeliveryState.FAILED, DeliveryState.BOUNCED) or delivery.due_at:
        return []
    error = "" if reached else "not reached by telephone"
    delivery.attempts.append(Attempt(at=now, error=error, channel=DeliveryChannel.TELEPHONE))
    if not reached:
        delivery.state = DeliveryState.FAILED
        return []
    delivery.channels = [*(one for one in delivery.channels if one is not DeliveryChannel.TELEPHONE)]
    delivery.channels.append(DeliveryChannel.TELEPHONE)
    delivery.state = DeliveryState.READ if delivery.read_at else DeliveryState.SENT
    told = {"delivery": delivery.id, "recipient": delivery.recipient, "template": delivery.template}
    return [NotifyDelivered(subject=delivery.ticket, time=now, channel=DeliveryChannel.TELEPHONE, **told)]
