"""Settings of what customers are shown before they submit; environment variables begin with `BIHUAN_DEFLECTION_`."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class DeflectionSettings(BaseSettings):
    """`hold_out` is the share of customers who are shown no articles, so that it is known what articles are worth; 0:
    all are shown them, and nothing is known."""

    model_config = SettingsConfigDict(env_prefix="BIHUAN_DEFLECTION_", extra="ignore")

    hold_out: float = Field(0.1, ge=0, le=1)
