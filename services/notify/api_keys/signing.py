"""Secrets of API keys, and the access tokens that they are exchanged for (RFC 9068, ES256)."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from jwt.algorithms import ECAlgorithm

from services.notify.api_keys.domain import ApiKey, KeySecret, digest_of
from shared.sealed import Sealer

MARK = "bhsk_"  # by which scanners of code and logs know one
HINT = len(MARK) + 6  # characters that lists show
BYTES = 32


@dataclass(frozen=True)
class Signer:
    """`issuer` and `audience` of the tokens."""

    sealer: Sealer
    issuer: str
    audience: str

    def new_secret(self) -> tuple[str, KeySecret]:
        """What the client gets, once, and what is kept."""
        secret, kid = MARK + secrets.token_urlsafe(BYTES), uuid4().hex
        key = generate_private_key(SECP256R1())
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        jwk = _public(key, kid)
        sealed = self.sealer.seal(pem.decode())
        return secret, KeySecret(digest=digest_of(secret), hint=secret[:HINT], kid=kid, jwk=jwk, sealed=sealed)

    def token(self, key: ApiKey, secret: KeySecret, scopes: list[str], now: datetime) -> str:
        """Raises ValueError when the secret of the links is not what it was."""
        claims = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": key.sub,
            "client_id": key.id,
            "name": key.name,
            "scope": " ".join(scopes),
            "iat": now,
            "exp": key.token_ends(secret, now),
            "jti": uuid4().hex,
        }
        private = self.sealer.open(secret.sealed)
        if not private:
            raise ValueError("the signing key of an API key was sealed with another BIHUAN_LINK_SECRET")
        return jwt.encode(claims, private, algorithm="ES256", headers={"kid": secret.kid, "typ": "at+jwt"})


@cache
def unused_key() -> dict[str, Any]:
    """A public key whose private half nobody has. It stands for none: Envoy takes a set without a key for a failure,
    keeps the keys that it has, and logs a warning each time that it asks."""
    return _public(generate_private_key(SECP256R1()), "unused")


def _public(key: EllipticCurvePrivateKey, kid: str) -> dict[str, Any]:
    public: dict[str, Any] = json.loads(ECAlgorithm.to_jwk(key.public_key()))
    return {**public, "kid": kid, "use": "sig", "alg": "ES256"}
