"""Where the staff console is; environment variables begin with `BIHUAN_CONSOLE_`."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

BUILT = Path(__file__).parents[3] / "deploy" / "console" / "dist"


class ConsoleSettings(BaseSettings):
    """`folder`: what `make console` built. While there is nothing in it, the console's address says so."""

    model_config = SettingsConfigDict(env_prefix="BIHUAN_CONSOLE_", extra="ignore")

    folder: Path = BUILT
