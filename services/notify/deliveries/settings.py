"""How long deliveries are kept; environment variables begin with `BIHUAN_NOTIFICATION_`."""

from datetime import timedelta

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class NotificationSettings(BaseSettings):
    """Notifications are cleared `keep_days` after they were made, read or not; what still waits to be sent is not."""

    model_config = SettingsConfigDict(env_prefix="BIHUAN_NOTIFICATION_", extra="ignore")

    keep_days: int = Field(365, ge=30, le=3650)

    @property
    def kept_for(self) -> timedelta:
        return timedelta(days=self.keep_days)
