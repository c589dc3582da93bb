"""What a service takes from its environment. A secret may come from a file: `<NAME>_FILE`."""

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SECRETS = ("mongo_url", "nats_url", "link_secret", "smtp_url")


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="BIHUAN_", extra="ignore")

    mongo_url: SecretStr = SecretStr("mongodb://127.0.0.1:27017/")
    mongo_driver: Literal["motor", "pymongo"] = "motor"
    nats_url: SecretStr = SecretStr("nats://127.0.0.1:4222")
    nats_replicas: int = Field(1, ge=1, le=5)  # of the streams; a start never lowers what they have
    nats_max_bytes: int = Field(2 * 1024**3, ge=64 * 1024**2)  # of the stream of events
    events_at_once: int = Field(16, ge=1, le=256)
    retry_waits: tuple[float, ...] = (0.2, 1.0, 5.0, 30.0, 60.0, 300.0)  # seconds; then it is a dead letter
    prefix: str = Field("bihuan", pattern=r"^[a-z][a-z0-9]{0,30}$")
    jwks: str = "http://127.0.0.1:4318/jwks.json"  # an address or a file
    jwks_refresh: float = Field(5.0, ge=0)  # seconds between two lookups of a key id that is not known
    jwks_max_age: float = Field(300.0, gt=0)  # seconds until keys are looked up again in any case
    issuer: str = "https://id.bihuan.local/"
    audience: str = "bihuan"
    at_jwt_only: bool = False  # refuse access tokens whose header does not say `at+jwt` (RFC 9068)
    roles_claim: str = Field("roles", min_length=1)  # where they stand: `realm_access.roles`
    company_claim: str = Field("company", min_length=1)
    body_seconds: float = Field(30.0, gt=0)  # within which a request's body must have come
    upload_seconds: float = Field(300.0, gt=0)  # within which an attachment must
    link_secret: SecretStr | None = None
    public_url: str = "http://127.0.0.1:8080"
    otlp_url: str = ""
    trace_ratio: float = Field(1.0, ge=0, le=1)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    smtp_url: SecretStr | None = None
    start_timeout: float = Field(30.0, gt=0)

    @model_validator(mode="before")
    @classmethod
    def secrets_from_files(cls, values: dict[str, Any]) -> dict[str, Any]:
        for name in SECRETS:
            if path := os.environ.get(f"BIHUAN_{name.upper()}_FILE"):
                values[name] = Path(path).read_text(encoding="utf-8").strip()
        return values

    def secret_for_links(self) -> str:
        """Raises ValueError when the environment gives none: links signed with a known secret are worth nothing."""
        secret = self.link_secret.get_secret_value() if self.link_secret else ""
        if len(secret) < 32:
            raise ValueError("BIHUAN_LINK_SECRET (or _FILE) must have 32 characters or more")
        return secret
