"""Settings, the identity provider's keys, and how long certificates last."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx2
import jwt
from cryptography import x509

from deploy.doctor.finding import Finding, ok, warning, wrong
from shared.settings import Settings
from shared.tokens import ALGORITHMS

ANSWER_WITHIN = 5.0  # seconds
SOON, VERY_SOON = timedelta(days=30), timedelta(days=7)
MOST_BYTES = 1024 * 1024
PORTS = {"https": 443, "mongodb": 27017, "tls": 4222}


async def of_settings(settings: Settings) -> AsyncIterator[Finding]:
    if settings.env != "production":
        yield warning("settings", "BIHUAN_ENV is not production", "BIHUAN_ENV 不是 production")
    else:
        try:
            settings.check_production()
            yield ok("settings", "fit for production", "符合生产要求")
        except ValueError as error:
            yield wrong("settings", str(error), f"不符合生产要求：{error}")
    yield await _keys(settings.jwks)


async def _keys(place: str) -> Finding:
    check = "keys"
    try:
        if place.startswith(("http://", "https://")):
            async with httpx2.AsyncClient(timeout=ANSWER_WITHIN, trust_env=False) as client:
                answer = await client.get(place)
                answer.raise_for_status()
                body = answer.text
        else:
            with open(place, encoding="utf-8") as file:  # noqa: ASYNC230
                body = file.read(MOST_BYTES)
        keys = [key for key in jwt.PyJWKSet.from_json(body).keys if key.algorithm_name in ALGORITHMS and key.key_id]
    except (httpx2.HTTPError, OSError, jwt.PyJWTError, ValueError, AttributeError, TypeError) as error:
        why = type(error).__name__
        return wrong(
            check,
            f"the identity provider's keys cannot be read from {place} ({why}): nobody can sign in",
            f"无法从 {place} 读取身份提供方的公钥（{why}）：所有人都无法登录",
        )
    if not keys:
        return wrong(check, f"{place} shows no key for {ALGORITHMS}", f"{place} 没有 {ALGORITHMS} 的公钥")
    return ok(check, f"{len(keys)} of the identity provider", f"身份提供方的公钥 {len(keys)} 个")


async def of_certificates(settings: Settings) -> AsyncIterator[Finding]:
    """Of every address that is asked by TLS."""
    for what, host, port in _tls_places(settings):
        try:
            ends = await certificate_end(host, port)
        except (OSError, TimeoutError, ValueError) as error:
            why = type(error).__name__
            yield wrong(
                "certificate", f"{what}: {host}:{port} shows none ({why})", f"{what}：{host}:{port} 未出示证书（{why}）"
            )
            continue
        yield of_end(f"{what} ({host})", ends, datetime.now(UTC))


def of_end(what: str, ends: datetime, now: datetime) -> Finding:
    days = (ends - now).days
    if ends <= now:
        return wrong("certificate", f"{what}: ended on {ends:%Y-%m-%d}", f"{what}：已于 {ends:%Y-%m-%d} 过期")
    en, zh = f"{what}: lasts {days} more days", f"{what}：还有 {days} 天到期"
    if ends - now < VERY_SOON:
        return wrong("certificate", en, zh)
    return warning("certificate", en, zh) if ends - now < SOON else ok("certificate", en, zh)


def _tls_places(settings: Settings) -> list[tuple[str, str, int]]:
    """What it is, and where. NATS as well begins with TLS, where we ask it."""
    found: dict[tuple[str, int], str] = {}
    for what, url in (("public address", settings.public_url), ("identity provider", settings.jwks)):
        parts = urlsplit(url)
        if parts.scheme == "https" and parts.hostname:
            found.setdefault((parts.hostname, parts.port or PORTS["https"]), what)
    mongo = settings.mongo_url.get_secret_value()
    if "tls=true" in mongo or "ssl=true" in mongo:
        for place in urlsplit(mongo).netloc.rpartition("@")[2].split(","):
            host, _, port = place.partition(":")
            found.setdefault((host, int(port or PORTS["mongodb"])), "MongoDB")
    for url in settings.nats_url.get_secret_value().split(","):
        parts = urlsplit(url.strip())
        if parts.scheme == "tls" and parts.hostname:
            found.setdefault((parts.hostname, parts.port or PORTS["tls"]), "NATS")
    return [(what, host, port) for (host, port), what in found.items()]


async def certificate_end(host: str, port: int) -> datetime:
    """When what the server shows ends. Whether it is trusted is for those to say who use it; one that has ended is to
    be read too. Raises OSError, TimeoutError, ValueError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    async with asyncio.timeout(ANSWER_WITHIN):
        _, writer = await asyncio.open_connection(host, port, ssl=context)
        try:
            shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        finally:
            writer.close()
    if not shown:
        raise ValueError("no certificate")
    return x509.load_der_x509_certificate(shown).not_valid_after_utc
