"""Fills envoy.yaml, with its routes and services, for one place."""

import json
import re
import string
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from deploy.gateway.replies import HTTPS_ONLY, SECURITY, added, mappers
from shared.claims import path_of

ORIGIN = re.compile(r"https?://[a-z0-9.-]{1,253}(:[0-9]{1,5})?")
# What pages may send and read beside what every page may.
SENT = ("authorization", "content-type", "idempotency-key", "if-match", "if-none-match", "last-event-id", "traceparent")
READ = (
    *("etag", "location", "retry-after", "x-request-id"),
    *("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"),
)
FOLDER = Path(__file__).resolve().parent
AT_ONCE = {"notify": 10_000}  # requests; live streams are open all day
TLS = """
    transport_socket:
      name: envoy.transport_sockets.tls
      typed_config:
        "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
        sni: "{host}"
        common_tls_context:
          validation_context:
            trusted_ca: {{filename: "{authorities}"}}
            match_typed_subject_alt_names: [{{san_type: DNS, matcher: {{exact: "{host}"}}}}]"""


class Rate(NamedTuple):
    """Requests that the gateway lets through: so many a second, and so many at once after a rest."""

    second: int
    burst: int


class Address(NamedTuple):
    host: str
    port: int


ADDRESS_RATE, CALLER_RATE, COMPANY_RATE = Rate(2000, 4000), Rate(100, 200), Rate(500, 1000)


@dataclass(frozen=True)
class GatewayConfig:
    """`services`: the addresses of each, empty for one that is not there. `jwks`: where the identity provider shows its
    keys, by http or https. `access_log`: a file. Times in seconds."""

    listen: Address
    admin: Address
    services: Mapping[str, Sequence[Address]]
    jwks: str
    otlp: Address
    issuer: str
    audience: str
    access_log: str
    company_claim: str = "company"
    trace_ratio: float = 1.0
    address_rate: Rate = ADDRESS_RATE
    caller_rate: Rate = CALLER_RATE
    company_rate: Rate = COMPANY_RATE
    upload_seconds: int = 300
    exchange_seconds: int = 60
    api_keys_issuer: str = ""  # of the tokens that API keys are exchanged for
    cors_origins: Sequence[str] = ()  # whose pages may read answers: `https://app.example`
    https_only: bool = False  # people reach the gateway by https, and browsers shall remember that
    authorities: str = "/etc/ssl/certs/ca-certificates.crt"  # whose certificates the identity provider may have


def render(config: GatewayConfig) -> str:
    """Raises ValueError for an address of keys that is no http or https address, and for an origin that is none."""
    jwks = urlsplit(config.jwks)
    if jwks.scheme not in ("http", "https") or not jwks.hostname:
        raise ValueError(f"{config.jwks} is no http or https address")
    tls = TLS.format(host=jwks.hostname, authorities=config.authorities) if jwks.scheme == "https" else ""
    headers = SECURITY | (HTTPS_ONLY if config.https_only else {})
    values = {
        "GATEWAY_HOST": config.listen.host,
        "GATEWAY_PORT": config.listen.port,
        "ADMIN_HOST": config.admin.host,
        "ADMIN_PORT": config.admin.port,
        "JWKS_URL": config.jwks,
        "JWKS_HOST": jwks.hostname,
        "JWKS_PORT": jwks.port or (443 if jwks.scheme == "https" else 80),
        "JWKS_TLS": tls,
        "OTLP_HOST": config.otlp.host,
        "OTLP_PORT": config.otlp.port,
        "ISSUER": config.issuer,
        "AUDIENCE": config.audience,
        "SAMPLING_PERCENT": 100 * config.trace_ratio,
        "ADDRESS_RATE": config.address_rate.second,
        "ADDRESS_BURST": config.address_rate.burst,
        "CALLER_RATE": config.caller_rate.second,
        "CALLER_BURST": config.caller_rate.burst,
        "COMPANY_RATE": config.company_rate.second,
        "COMPANY_BURST": config.company_rate.burst,
        "COMPANY_PATH": json.dumps([{"key": name} for name in ("claims", *path_of(config.company_claim))]),
        "API_KEYS_ISSUER": config.api_keys_issuer or f"{config.issuer}#none",
        "SECURITY_HEADERS": json.dumps(added(headers)),
        "REPLIES": mappers(headers),
        "CORS": json.dumps(_cors(config.cors_origins)),
        "UPLOAD_SECONDS": config.upload_seconds,
        "EXCHANGE_SECONDS": config.exchange_seconds,
        "ACCESS_LOG": config.access_log,
    }
    text = (FOLDER / "envoy.yaml").read_text("utf-8")
    for name, part in {"${ROUTES}": _indented("routes.yaml", 14), "${CLUSTERS}": _clusters(config)}.items():
        text = text.replace(name, part)
    return string.Template(text).substitute(values)


def _cors(origins: Sequence[str]) -> dict[str, object]:
    """No cookies: who calls sends a token."""
    for one in origins:
        if not ORIGIN.fullmatch(one):
            raise ValueError(f"{one} is no origin such as https://app.example (BIHUAN_CORS_ORIGINS)")
    if not origins:
        return {}
    policy = {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy",
        "allow_origin_string_match": [{"exact": one} for one in origins],
        "allow_methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
        "allow_headers": ", ".join(SENT),
        "expose_headers": ", ".join(READ),
        "max_age": "600",
    }
    return {"envoy.filters.http.cors": policy}


def _clusters(config: GatewayConfig) -> str:
    cluster = string.Template(_indented("cluster.yaml", 2))
    found = ""
    for name, addresses in config.services.items():
        places = [{"address": one.host, "port_value": one.port} for one in addresses]
        endpoints = json.dumps([{"endpoint": {"address": {"socket_address": place}}} for place in places])
        found += cluster.substitute(NAME=name, AT_ONCE=AT_ONCE.get(name, 1024), ENDPOINTS=endpoints)
    return found


def _indented(file: str, by: int) -> str:
    return textwrap.indent((FOLDER / file).read_text("utf-8"), " " * by)
