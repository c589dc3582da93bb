"""Which group robots tell what comes into the inbox of a role. What happens within a few seconds a robot says in one
message: platforms block robots that say more than twenty a minute."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.notify.channels.domain import DeliveryChannel
from services.notify.channels.robot_settings import ROBOT, RobotSetting
from services.notify.deliveries.digest import DigestItem
from services.notify.deliveries.domain import Delivery
from services.notify.templates.domain import Content
from services.notify.templates.phrases import phrase
from shared.events import wire_time

WINDOW = 5  # seconds: twelve messages a minute, so that some are left for what is tried again
LEAST_WAIT = timedelta(seconds=1)
MOST_TITLE = 60  # characters, of one among others


@dataclass(frozen=True)
class Robots:
    settings: Sequence[RobotSetting] = ()

    def hold(self, delivery: Delivery, now: datetime) -> None:
        """It stands in the role's inbox now, and is told by these when the window ends."""
        delivery.robots = [one.id for one in self.settings if delivery.recipient in inboxes_of(one)]
        if delivery.robots:
            delivery.held_until = end_of_window(now)

    def copies(self, delivery: Delivery) -> list[Delivery]:
        """What each of its robots says of it."""
        languages = {one.id: one.language for one in self.settings}
        return [for_robot(delivery, id, languages.get(id, delivery.language)) for id in delivery.robots]


def inboxes_of(one: RobotSetting) -> list[str]:
    return [f"role:{role}" for role in one.inboxes]


def end_of_window(now: datetime) -> datetime:
    """The same for all replicas, so that together they say no more."""
    earliest = int((now + LEAST_WAIT).timestamp())
    return wire_time(datetime.fromtimestamp((earliest // WINDOW + 1) * WINDOW, UTC))


def for_robot(delivery: Delivery, robot: str, language: str) -> Delivery:
    address = f"{ROBOT}:{robot}"
    changed = {"recipient": address, "address": address, "channels": [DeliveryChannel.ROBOT], "language": language}
    return delivery.model_copy(update=changed)


def said_by_robot(items: Sequence[DigestItem], language: str) -> Content:
    """All titles, the latest first, and what the latest says."""
    last = items[-1]
    head = f"[{last.ticket}] {last.title}" if last.ticket else last.title
    if len(items) == 1:
        return Content(title=head, text=last.text)
    titles = [
        f"· [{one.ticket}] {short(one.title)}" if one.ticket else f"· {short(one.title)}" for one in reversed(items)
    ]
    said = "\n".join([*titles, "", phrase("robot.latest", language), last.text])
    return Content(title=phrase("robot.several", language, count=len(items)), text=said)


def short(title: str) -> str:
    return title if len(title) <= MOST_TITLE else f"{title[: MOST_TITLE - 1]}…"
