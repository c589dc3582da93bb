"""What people send and see of preferences."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field

from services.notify.channels.domain import DeliveryChannel
from services.notify.preferences.domain import (
    DEFAULT_ZONE,
    MOST_KINDS,
    Digest,
    Messenger,
    Preference,
    PreferenceDetails,
    QuietHours,
    WallClock,
    Zone,
)
from shared.http import Body, View, example

Sending = Literal[DeliveryChannel.EMAIL, DeliveryChannel.WECOM, DeliveryChannel.DINGTALK, DeliveryChannel.FEISHU]
Kind = Annotated[str, Field(max_length=60)]


class PreferenceBody(Body):
    model_config = example(
        language="zh",
        time_zone="Asia/Shanghai",
        quiet_hours={"start": "22:00", "end": "08:00"},
        digest="hourly",
        channels={"ticket.message_posted": ["email"], "ticket.completed": []},
    )

    language: Literal["", "zh", "en"] = ""
    """zh or en; empty: the one known from the person's account"""
    time_zone: Zone = DEFAULT_ZONE
    """By whose clocks times are shown and quiet hours are counted"""
    quiet_hours: QuietHours | None = None
    """When only urgent matters are sent; the rest follows when they are over. Null: never quiet"""
    digest: Digest = Digest.IMMEDIATELY
    """Whether what happens is sent at once, or collected and sent together every minute, hour or day"""
    digest_at: WallClock = "09:00"
    """When a daily digest is sent"""
    messenger: Messenger = ""
    """Who of staff they are in a messenger, such as wecom:desk:zhangsan: it comes before mail. Admins alone set it"""
    channels: dict[Kind, Annotated[list[Sending], Field(max_length=4)]] = Field(
        default_factory=dict,
        max_length=MOST_KINDS,
        description="By kind of event, the channels it may come by; a kind with none only stands in the inbox, one that"
        " is not named comes by any channel",
    )

    @property
    def details(self) -> PreferenceDetails:
        return PreferenceDetails.model_validate(self.model_dump())


class QuietHoursView(View):
    start: str
    """Such as 22:00"""
    end: str
    """Such as 08:00"""


class PreferenceView(View):
    """How and when a person wants to be told."""

    id: str
    """The person, as a subject"""
    version: int
    """Counts the changes; 0 while nothing was set"""
    language: str
    """zh or en; empty: the one known from the person's account"""
    time_zone: str
    """By whose clocks times are shown and quiet hours are counted"""
    quiet_hours: QuietHoursView | None
    """When only urgent matters are sent; null: never quiet"""
    digest: Digest
    """Whether what happens is sent at once or together"""
    digest_at: str
    """When a daily digest is sent"""
    messenger: str
    """Who they are in a messenger of the desk; empty: they are told by mail"""
    channels: dict[str, list[DeliveryChannel]]
    """By kind of event, the channels it may come by"""
    changed_at: datetime | None
    """When it was changed last; null while nothing was set"""

    @classmethod
    def of(cls, one: Preference) -> Self:
        changed_at = one.changed_at if one.version else None
        known = {"id": one.id, "version": one.version, "changed_at": changed_at}
        return cls.model_validate({**one.details.model_dump(), **known})
