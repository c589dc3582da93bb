"""Limits of the live stream; environment variables begin with `BIHUAN_STREAM_`."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class StreamSettings(BaseSettings):
    """`max_readers` are the connections of one replica, of which `reserved_for_staff` are not open to customers, and
    one person may have `max_per_person`. A heartbeat is sent after `heartbeat_seconds` of silence; after `max_seconds`
    a connection is closed, and the token is checked again when the reader comes back."""

    model_config = SettingsConfigDict(env_prefix="BIHUAN_STREAM_", extra="ignore")

    max_readers: int = Field(200, ge=1)
    reserved_for_staff: int = Field(50, ge=0)
    max_per_person: int = Field(6, ge=1)
    heartbeat_seconds: float = Field(15.0, gt=0)
    max_seconds: float = Field(900.0, gt=0)
