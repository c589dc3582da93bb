"""How customers sign in; environment variables begin with `BIHUAN_SIGN_IN_`."""

import os
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class SignInSettings(BaseSettings):
    """`url` and `token_url` are the OpenID provider's authorization and token endpoints, `client` what we are called
    there. A provider that gives us a `secret` (also `secret_file`) asks for it; PKCE is used in any case. Without `url`
    nobody signs in here."""

    model_config = SettingsConfigDict(env_prefix="BIHUAN_SIGN_IN_", extra="ignore", hide_input_in_errors=True)

    url: str = Field("", pattern=r"^$|^https?://")
    token_url: str = Field("", pattern=r"^$|^https?://")
    client: str = "bihuan-portal"
    secret: SecretStr | None = None
    scope: str = "openid profile email"

    @model_validator(mode="before")
    @classmethod
    def _secret_from_file(cls, values: dict[str, Any]) -> dict[str, Any]:
        if path := os.environ.get("BIHUAN_SIGN_IN_SECRET_FILE"):
            values["secret"] = Path(path).read_text(encoding="utf-8").strip()
        return values

    @model_validator(mode="after")
    def _both(self) -> "SignInSettings":
        if bool(self.url) != bool(self.token_url):
            raise ValueError("BIHUAN_SIGN_IN_URL and BIHUAN_SIGN_IN_TOKEN_URL are set together, or not at all")
        return self
