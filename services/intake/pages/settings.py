"""Whose pages they are; environment variables begin with `BIHUAN_BRAND_`."""

import base64
import mimetypes
from functools import cached_property
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.intake.pages.layout import Brand

MAX_LOGO = 64 * 1024  # bytes: it is in every page
LOGOS = ("image/png", "image/svg+xml", "image/jpeg", "image/webp")


class BrandSettings(BaseSettings):
    """`name` is what customers know the desk by, `logo` a file with its picture (PNG, SVG, JPEG or WebP, 64 kB)."""

    model_config = SettingsConfigDict(env_prefix="BIHUAN_BRAND_", extra="ignore", hide_input_in_errors=True)

    name: str = Field("闭环 Bihuan", min_length=1, max_length=60)
    logo: Path | None = None

    @cached_property
    def brand(self) -> Brand:
        """Raises ValueError for a logo that is none, OSError for one that cannot be read."""
        if self.logo is None:
            return Brand(self.name)
        kind, content = mimetypes.guess_type(self.logo.name)[0], self.logo.read_bytes()
        if kind not in LOGOS or len(content) > MAX_LOGO:
            raise ValueError(f"BIHUAN_BRAND_LOGO must be a picture of at most {MAX_LOGO} bytes: {', '.join(LOGOS)}")
        return Brand(self.name, f"data:{kind};base64,{base64.b64encode(content).decode()}")
