"""Signing in by an OpenID provider: the authorization code flow with PKCE (RFC 6749, 4.1; RFC 7636; RFC 9700).

What must be known when the browser comes back is in a cookie of that browser alone, signed and short-lived: nothing is
stored, any replica goes on, and a code that somebody else began to fetch is refused.
"""

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

import jwt

from shared.domain import Unauthenticated
from shared.terms import Text

AUDIENCE = "bihuan-sign-in"
WITHIN = timedelta(minutes=10)
HOME = "/portal"
OURS = re.compile(r"/(?:portal|console)(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*){0,4}")


class SignInFailed(Unauthenticated):
    title = Text("Sign-in failed", "登录失败")


@dataclass(frozen=True)
class Attempt:
    """`to` is the page to go to afterwards, `verifier` the secret of PKCE."""

    state: str
    verifier: str
    to: str

    @classmethod
    def begin(cls, to: str, home: str = HOME) -> "Attempt":
        return cls(secrets.token_urlsafe(24), secrets.token_urlsafe(48), place(to, home))

    def address(self, provider: str, client: str, scope: str, back: str) -> str:
        """Of the provider's page; `provider` may have a query of its own."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": client,
            "redirect_uri": back,
            "scope": scope,
            "state": self.state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{provider}{'&' if urlsplit(provider).query else '?'}{urlencode(asked)}"

    def sealed(self, secret: str, now: datetime) -> str:
        claims = {"aud": AUDIENCE, "exp": int((now + WITHIN).timestamp())}
        return jwt.encode({**claims, **vars(self)}, secret, algorithm="HS256")

    @classmethod
    def unsealed(cls, sealed: str, secret: str, state: str, now: datetime, home: str = HOME) -> "Attempt":
        """Raises SignInFailed."""
        late = SignInFailed("The sign-in took too long or was begun elsewhere", "登录已超时，或不是在此浏览器中发起的")
        try:
            claims = jwt.decode(
                sealed,
                secret,
                algorithms=["HS256"],
                audience=AUDIENCE,
                options={"require": ["exp", "state", "verifier", "to"], "verify_exp": False},
            )
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            raise late from error
        attempt = cls(claims["state"], claims["verifier"], place(claims["to"], home))
        if claims["exp"] < now.timestamp() or not secrets.compare_digest(attempt.state.encode(), state.encode()):
            raise late
        return attempt


def place(to: str, home: str = HOME) -> str:
    """A page of those that begin at `home`, whatever was asked for."""
    return to if OURS.fullmatch(to) and (to + "/").startswith(home + "/") else home
