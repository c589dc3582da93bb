"""The development identity: a key made once, and tokens signed with it."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from jwt.algorithms import ECAlgorithm

from deploy.local.options import AUDIENCE, ISSUER
from deploy.local.people import Person, find

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Identity:
    key: EllipticCurvePrivateKey

    @classmethod
    def of(cls, data_dir: Path) -> "Identity":
        """The identity of this data folder, made if it has none yet."""
        path = data_dir / "identity" / "key.pem"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_bytes(_pem(generate_private_key(SECP256R1())))
        key = serialization.load_pem_private_key(path.read_bytes(), None)
        if not isinstance(key, EllipticCurvePrivateKey):
            raise TypeError(f"{path} is not an elliptic curve key")
        return cls(key)

    def jwks(self) -> dict[str, Any]:
        return {"keys": [{**self._jwk(), "kid": self._kid(), "use": "sig", "alg": "ES256"}]}

    def mint(self, person: Person | str, ttl: timedelta = ONE_DAY, **other_claims: Any) -> str:
        """An access token (RFC 9068) for a person, a subject or a role.

        `other_claims` replace claims or, as None, remove them.
        """
        if isinstance(person, str):
            person = find(person)
        now = datetime.now(UTC)
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": person.sub,
            "iat": now,
            "exp": now + ttl,
            "name": person.name,
            "email": person.email,
            "roles": list(person.roles),
            "company": person.company,
            "lang": person.lang,
        } | other_claims
        claims = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(claims, self.key, algorithm="ES256", headers={"kid": self._kid(), "typ": "at+jwt"})

    def _jwk(self) -> dict[str, Any]:
        return ECAlgorithm.to_jwk(self.key.public_key(), as_dict=True)

    def _kid(self) -> str:
        return sha256(json.dumps(self._jwk(), sort_keys=True).encode()).hexdigest()[:16]


def _pem(key: EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
