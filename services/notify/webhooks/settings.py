"""How patient webhooks are; environment variables begin with `BIHUAN_WEBHOOK_`."""

from datetime import timedelta

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class WebhookSettings(BaseSettings):
    """Of which nothing was taken for `disable_after_days` is disabled. The log is kept for `log_days`."""

    model_config = SettingsConfigDict(env_prefix="BIHUAN_WEBHOOK_", extra="ignore", hide_input_in_errors=True)

    disable_after_days: int = Field(5, ge=1, le=60)
    log_days: int = Field(30, ge=1, le=365)

    @property
    def disable_after(self) -> timedelta:
        return timedelta(days=self.disable_after_days)

    @property
    def log_for(self) -> timedelta:
        return timedelta(days=self.log_days)
