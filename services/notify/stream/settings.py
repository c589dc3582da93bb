"""Limits of the live stream; environment variables begin with `BIHUAN_STREAM_`."""

from datetime import timedelta

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class StreamSettings(BaseSettings):
    """`max_readers` are the connections of one replica, of which `reserved_for_staff` are not open to customers, and
    one person may have `max_per_person`. A stream ticket counts for `ticket_seconds`. A heartbeat is sent after
    `heartbeat_seconds` of silence; after `max_seconds` a connection is closed, and the token is checked again when the
    reader comes back."""

    model_config = SettingsConfigDict(env_prefix="BIHUAN_STREAM_", extra="ignore", hide_input_in_errors=True)

    max_readers: int = Field(2000, ge=1)
    reserved_for_staff: int = Field(500, ge=0)
    max_per_person: int = Field(6, ge=1)
    ticket_seconds: int = Field(30, ge=5, le=300)
    heartbeat_seconds: float = Field(15.0, gt=0)
    max_seconds: float = Field(900.0, gt=0)

    @property
    def ticket_lives(self) -> timedelta:
        return timedelta(seconds=self.ticket_seconds)
