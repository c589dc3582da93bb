"""Where a virus scanner listens; environment variables begin with `BIHUAN_`."""

from functools import cached_property

from pydantic_settings import BaseSettings, SettingsConfigDict

from services.intake.quarantine.clamd import Clamd


class ScannerSettings(BaseSettings):
    """`clamav` is `tcp://host:3310` or `unix:///path`; without one nothing is scanned."""

    model_config = SettingsConfigDict(env_prefix="BIHUAN_", extra="ignore", hide_input_in_errors=True)

    clamav: str = ""

    @cached_property
    def scanner(self) -> Clamd | None:
        """Raises ValueError."""
        return Clamd(self.clamav) if self.clamav else None
