"""The gateway as the environment says: the settings of the services (`BIHUAN_ISSUER` …), and of its own
`BIHUAN_GATEWAY_SERVICES`, where a service is (`{name}:8000`), `BIHUAN_GATEWAY_PORT`, `BIHUAN_CORS_ORIGINS`, whose pages
may read answers (with commas between; empty: none), and `BIHUAN_OTLP_HOST`, where a collector listens on port 4318
(empty: no traces)."""

import os

from deploy.gateway.config import Address, GatewayConfig
from deploy.services import SERVICES
from shared.settings import Settings

ANYWHERE = "0.0.0.0"  # noqa: S104 - in its container; what may reach it the network says


def from_environment() -> GatewayConfig:
    """Raises ValueError for a port that is no number, pydantic.ValidationError."""
    settings = Settings()
    collector = os.environ.get("BIHUAN_OTLP_HOST", "")
    places = os.environ.get("BIHUAN_GATEWAY_SERVICES") or "{name}:8000"
    return GatewayConfig(
        listen=Address(ANYWHERE, int(os.environ.get("BIHUAN_GATEWAY_PORT") or 8080)),
        admin=Address("127.0.0.1", 9901),
        services={name: [address_of(places.replace("{name}", name))] for name in SERVICES},
        jwks=settings.jwks,
        otlp=Address(collector or "127.0.0.1", 4318),
        issuer=settings.issuer,
        audience=settings.audience,
        access_log="/dev/stdout",
        company_claim=settings.company_claim,
        trace_ratio=settings.trace_ratio if collector else 0.0,
        api_keys_issuer=settings.api_keys_issuer,
        cors_origins=[one.strip() for one in os.environ.get("BIHUAN_CORS_ORIGINS", "").split(",") if one.strip()],
        https_only=settings.public_url.startswith("https://"),
        upload_seconds=int(settings.upload_seconds),
    )


def address_of(place: str) -> Address:
    host, _, port = place.rpartition(":")
    return Address(host, int(port))
