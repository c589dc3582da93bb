"""What a service takes from its environment. A secret may come from a file: `<NAME>_FILE`."""

import os
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SECRETS = ("mongo_url", "nats_url", "link_secret", "smtp_url")
LOCAL_ISSUER = "https://id.bihuan.local/"  # of the tokens that the local runner makes for anybody
LOCAL_JWKS = "http://127.0.0.1:4318/jwks.json"
SHORTEST_SECRET, FEWEST_CHARACTERS = 32, 12
SHORTEST_PASSWORD, FEWEST_IN_PASSWORD = 16, 8


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="BIHUAN_", extra="ignore", hide_input_in_errors=True)

    env: Literal["development", "production"] = "development"
    mongo_url: SecretStr = SecretStr("mongodb://127.0.0.1:27017/")
    mongo_driver: Literal["motor", "pymongo"] = "motor"
    nats_url: SecretStr = SecretStr("nats://127.0.0.1:4222")
    nats_replicas: int = Field(1, ge=1, le=5)  # of the streams; a start never lowers what they have
    nats_max_bytes: int = Field(2 * 1024**3, ge=64 * 1024**2)  # of the stream of events
    require_tls: bool = False  # refuse addresses of NATS and MongoDB that are not asked by TLS
    events_at_once: int = Field(16, ge=1, le=256)
    batch_seconds: float = Field(0.1, ge=0.01, le=2)  # that events are gathered which are handled many at once
    retry_waits: tuple[float, ...] = (0.2, 1.0, 5.0, 30.0, 60.0, 300.0)  # seconds; then it is a dead letter
    prefix: str = Field("bihuan", pattern=r"^[a-z][a-z0-9]{0,30}$")
    jwks: str = LOCAL_JWKS  # an address or a file
    jwks_refresh: float = Field(5.0, ge=0)  # seconds between two lookups of a key id that is not known
    jwks_max_age: float = Field(300.0, gt=0)  # seconds until keys are looked up again in any case
    issuer: str = LOCAL_ISSUER
    audience: str = "bihuan"
    api_keys_jwks: str = ""  # where notify shows the keys of tokens for API keys; empty: there are none
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

    @model_validator(mode="after")
    def required_tls(self) -> "Settings":
        """Also where somebody has changed an address: a password is never sent in the clear by mistake."""
        plain = {
            "BIHUAN_NATS_URL": not _nats_is_tls(self.nats_url),
            "BIHUAN_MONGO_URL": not _mongo_is_tls(self.mongo_url),
        }
        if self.require_tls and (found := [name for name, is_plain in plain.items() if is_plain]):
            raise ValueError(f"BIHUAN_REQUIRE_TLS is set, and {' and '.join(found)} would be asked without TLS")
        return self

    @property
    def api_keys_issuer(self) -> str:
        """Of the access tokens that API keys are exchanged for."""
        return self.public_url.rstrip("/") + "/oauth2"

    def secret_for_links(self) -> str:
        """Raises ValueError when the environment gives none: links signed with a known secret are worth nothing."""
        secret = self.link_secret.get_secret_value() if self.link_secret else ""
        if len(secret) < SHORTEST_SECRET:
            raise ValueError(f"BIHUAN_LINK_SECRET (or _FILE) must have {SHORTEST_SECRET} characters or more")
        return secret

    def check_production(self) -> None:
        """Raises ValueError that names everything which is good enough for a trial alone."""
        link_secret = self.link_secret.get_secret_value() if self.link_secret else ""
        wrong = {
            f"BIHUAN_ISSUER is the local one, {LOCAL_ISSUER}": self.issuer == LOCAL_ISSUER,
            "BIHUAN_JWKS is not set": self.jwks == LOCAL_JWKS,
            "BIHUAN_PUBLIC_URL is no https address": not _is_https(self.public_url),
            f"BIHUAN_LINK_SECRET has fewer than {SHORTEST_SECRET} characters": len(link_secret) < SHORTEST_SECRET,
            "BIHUAN_LINK_SECRET repeats a few characters": len(set(link_secret)) < FEWEST_CHARACTERS,
            "BIHUAN_MONGO_URL has no password, or a weak one": not _mongo_is_guarded(self.mongo_url),
            "BIHUAN_NATS_URL has no password, or a weak one": not _nats_is_guarded(self.nats_url),
        }
        if found := [fault for fault, is_so in wrong.items() if is_so]:
            raise ValueError(f"BIHUAN_ENV is production, and {'; '.join(found)}")


def _is_https(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" and bool(parts.hostname)


def _nats_is_tls(url: SecretStr) -> bool:
    return all(server.strip().startswith("tls://") for server in url.get_secret_value().split(",") if server.strip())


def _mongo_is_tls(url: SecretStr) -> bool:
    """As the driver reads it: `mongodb+srv` is by TLS unless it says otherwise. What takes any certificate is not."""
    parts = urlsplit(url.get_secret_value())
    said = {name.lower(): values[-1].lower() for name, values in parse_qs(parts.query).items()}
    if "true" in (said.get("tlsinsecure"), said.get("tlsallowinvalidcertificates")):
        return False
    return said.get("tls", said.get("ssl", "true" if parts.scheme == "mongodb+srv" else "false")) == "true"


def _nats_is_guarded(url: SecretStr) -> bool:
    """Each server that is named has its own password."""
    servers = [server for one in url.get_secret_value().split(",") if (server := one.strip())]
    return bool(servers) and all(_has_strong_password(server) for server in servers)


def _mongo_is_guarded(url: SecretStr) -> bool:
    """A client's certificate needs no password, and is shown by TLS alone."""
    said = parse_qs(urlsplit(url.get_secret_value()).query)
    mechanism = next((values[-1] for name, values in said.items() if name.lower() == "authmechanism"), "")
    if mechanism.upper() == "MONGODB-X509":
        return _mongo_is_tls(url)
    return _has_strong_password(url.get_secret_value())


def _has_strong_password(url: str) -> bool:
    password = unquote(urlsplit(url).password or "")
    return len(password) >= SHORTEST_PASSWORD and len(set(password)) >= FEWEST_IN_PASSWORD
