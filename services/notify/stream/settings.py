"""What a house may set for live streams; environment variables begin with `BIHUAN_STREAM_`."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class StreamSettings(BaseSettings):
    """`readers` are places in one replica, of which customers leave `for_staff` free, and one person takes `each` at
    most. `quiet` are the seconds between two signs of life; after `open_for` seconds a reader comes back, and their
    token is looked at again."""

    model_config = SettingsConfigDict(env_prefix="BIHUAN_STREAM_", extra="ignore")

    readers: int = Field(200, ge=1)
    for_staff: int = Field(50, ge=0)
    each: int = Field(6, ge=1)
    quiet: float = Field(15.0, gt=0)
    open_for: float = Field(900.0, gt=0)
