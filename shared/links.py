"""Links by which customers act without signing in: signed, expiring, for one action on one ticket."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import jwt

from shared.domain import NotFound, Refusal
from shared.terms import Text

LINK_AUDIENCE = "bihuan-link"


class LinkEnded(Refusal):
    status = 410
    title = Text("The link is no longer valid", "链接已失效")


@dataclass(frozen=True)
class Link:
    """What a customer may do without signing in: one `action` on one ticket in one round, in this person's name. `sub`
    is who they are when they sign in, `mailto:<address>` for a guest. A link goes to their own address alone."""

    ticket: str
    action: str
    sub: str
    name: str
    language: str
    nonce: str
    round: int = 0  # 0 in links of an older release
    tool: str = ""  # of a consent
    purpose: str = ""


class Links:
    """Signs and reads links (JWT, HS256, with an audience of their own so that no token passes for a link)."""

    def __init__(self, secret: str, public_url: str) -> None:
        self._secret = secret
        self._public_url = public_url.rstrip("/")

    def url(self, link: Link, now: datetime, valid_for: timedelta) -> str:
        claims = {
            "aud": LINK_AUDIENCE,
            "iat": int(now.timestamp()),
            "exp": int((now + valid_for).timestamp()),
            "sub": link.sub,
            "ticket": link.ticket,
            "action": link.action,
            "name": link.name,
            "lang": link.language,
            "jti": link.nonce,
            "round": link.round,
            **({"tool": link.tool} if link.tool else {}),
            **({"purpose": link.purpose} if link.purpose else {}),
        }
        return f"{self._public_url}/links/{jwt.encode(claims, self._secret, algorithm='HS256')}"

    def read(self, token: str, now: datetime) -> Link:
        """Raises NotFound for a forged link: there is none such; LinkEnded for one that has expired."""
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=["HS256"],
                audience=LINK_AUDIENCE,
                options={
                    "require": ["exp", "sub", "ticket", "action", "jti"],
                    "verify_exp": False,
                    "verify_iat": False,
                },
            )
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            raise NotFound("The link is invalid", "链接无效") from error
        if claims["exp"] < now.timestamp():
            raise LinkEnded("The link has expired; please request a new one", "链接已过期，请重新获取")
        return Link(
            claims["ticket"],
            claims["action"],
            claims["sub"],
            claims.get("name", ""),
            claims.get("lang", ""),
            claims["jti"],
            claims.get("round", 0),
            claims.get("tool", ""),
            claims.get("purpose", ""),
        )
