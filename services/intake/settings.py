"""Settings of intake; environment variables begin with `BIHUAN_`."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LAST_REMINDER = 7  # days


class IntakeSettings(BaseSettings):
    """How long a customer whose solution works is waited for to rate it, how long after its completion a ticket may be
    reopened, after how many days of silence a solution that its customer does not judge is given up (0: never), and
    within which time a telephone call must be confirmed by a second person. What a ticket waits for already is not
    changed by another `feedback_days`. The search index of this replica is kept in `search_folder`, without one it is
    built anew at each start; every `search_seconds` it takes up what was changed. `time_zone` is by whose clocks a year
    begins in the numbers of tickets."""

    model_config = SettingsConfigDict(env_prefix="BIHUAN_", extra="ignore", hide_input_in_errors=True)

    feedback_days: int = Field(5, ge=1, le=365)
    reopen_days: int = Field(14, ge=1, le=3650)
    silence_days: int = Field(14, ge=0, le=365)
    confirm_hours: int = Field(24, ge=1, le=720)
    time_zone: str = "Asia/Shanghai"
    search_folder: Path | None = None
    search_seconds: float = Field(1.0, gt=0, le=60)

    @field_validator("time_zone")
    @classmethod
    def _exists(cls, name: str) -> str:
        try:
            return ZoneInfo(name).key
        except (ZoneInfoNotFoundError, OSError):
            raise ValueError(f"{name} is no time zone") from None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def feedback_wait(self) -> timedelta:
        return timedelta(days=self.feedback_days)

    @property
    def silence(self) -> timedelta | None:
        """After the last reminder at least."""
        return timedelta(days=max(self.silence_days, LAST_REMINDER + 1)) if self.silence_days else None

    @property
    def reopen_within(self) -> timedelta:
        return timedelta(days=self.reopen_days)

    @property
    def confirm_within(self) -> timedelta:
        return timedelta(hours=self.confirm_hours)
