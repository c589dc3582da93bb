"""How and when a person wants to be told."""

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints, model_validator

from services.notify.channels.domain import DeliveryChannel
from shared.domain import Aggregate, Value
from shared.events import Event, wire_time
from shared.terms import InvalidValue


def _known_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError) as error:
        raise InvalidValue("`time_zone` is not a valid time zone", "`time_zone` 不是有效的时区") from error


Zone = Annotated[str, StringConstraints(max_length=60), AfterValidator(_known_zone)]
WallClock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Messenger = Annotated[str, StringConstraints(pattern=r"^((wecom|dingtalk|feishu):[\w-]{1,80}:[\w.@-]{1,128})?$")]
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
MOST_KINDS = 100
DEFAULT_ZONE = "Asia/Shanghai"


class Digest(StrEnum):
    IMMEDIATELY = "immediately"
    BATCHED = "batched"
    HOURLY = "hourly"
    DAILY = "daily"


class QuietHours(Value):
    """From `start` until before `end`, by the person's clock; over midnight where `end` comes first."""

    start: WallClock
    """Such as 22:00"""
    end: WallClock
    """Such as 08:00"""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.end == self.start:
            raise InvalidValue("`end` must differ from `start`", "`end` 不能与 `start` 相同")
        return self

    def over_at(self, moment: datetime, zone: ZoneInfo) -> datetime | None:
        """When they are over; None if it is not quiet then."""
        clock = f"{moment.astimezone(zone):%H:%M}"
        over_midnight = self.end < self.start
        is_quiet = clock >= self.start or clock < self.end if over_midnight else self.start <= clock < self.end
        return _next(self.end, moment, zone) if is_quiet else None


class PreferenceDetails(Value):
    """`channels` by kind of event: the channels that it may come by; of a kind that is not there all may be used, of
    one that is there without any it only stands in the inbox. An empty `language` is the one that services know.
    `messenger` is who of staff they are in one (`wecom:<account>:<member>`): it comes before mail."""

    language: str = ""
    time_zone: Zone = DEFAULT_ZONE
    quiet_hours: QuietHours | None = None
    digest: Digest = Digest.IMMEDIATELY
    digest_at: WallClock = "09:00"
    messenger: Messenger = ""
    channels: dict[str, list[DeliveryChannel]] = Field(default_factory=dict, max_length=MOST_KINDS)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def held_until(self, now: datetime) -> datetime | None:
        """When what happens now is sent: at the end of the digest's window, and not in quiet hours. None: at once."""
        window = None
        if self.digest is Digest.BATCHED:
            window = wire_time(now.replace(second=0, microsecond=0) + MINUTE)
        elif self.digest is Digest.HOURLY:
            local = now.astimezone(self.zone)  # not everywhere as UTC: in India at half past
            window = now - timedelta(minutes=local.minute, seconds=now.second, microseconds=now.microsecond) + HOUR
        elif self.digest is Digest.DAILY:
            window = _next(self.digest_at, now, self.zone)
        quiet = self.quiet_hours.over_at(window or now, self.zone) if self.quiet_hours else None
        return quiet or window


class Preference(Aggregate):
    """Of one person, whose `sub` is its id."""

    details: PreferenceDetails = Field(default_factory=PreferenceDetails)
    changed_at: AwareDatetime

    def put(self, details: PreferenceDetails, now: datetime) -> list[Event]:
        self.details, self.changed_at = details, wire_time(now)
        return []


def _next(clock: str, after: datetime, zone: ZoneInfo) -> datetime:
    """The next moment, later than `after`, at which clocks there show that: where they are put back, also the second
    time; where they are put forward over it, as long after that as it would have been."""
    local, wanted = after.astimezone(zone), time.fromisoformat(clock)
    days = (local.date(), local.date() + DAY)
    times = [datetime.combine(day, wanted.replace(fold=fold), zone).astimezone(UTC) for day in days for fold in (0, 1)]
    # the first of each two is there always, the second where clocks show it twice
    shown = [at for n, at in enumerate(times) if n % 2 == 0 or at > times[n - 1]]
    return wire_time(min(at for at in shown if at > after))
