"""How long deliveries are kept; environment variables begin with `BIHUAN_NOTIFICATION_`."""

from datetime import timedelta

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class NotificationSettings(BaseSettings):
    """Notifications are cleared `keep_days` after they were made, read or not; what still waits to be sent is not.
    What has to be acknowledged is escalated every `escalate_minutes`."""

    model_config = SettingsConfigDict(env_prefix="BIHUAN_NOTIFICATION_", extra="ignore")

    keep_days: int = Field(365, ge=30, le=3650)
    escalate_minutes: int = Field(10, ge=1, le=1440)

    @property
    def kept_for(self) -> timedelta:
        return timedelta(days=self.keep_days)

    @property
    def escalated_every(self) -> timedelta:
        return timedelta(minutes=self.escalate_minutes)
