"""Links: read as written, for a time, and never forged."""

import base64
import json
from datetime import timedelta

import jwt
import pytest

from shared.domain import NotFound
from shared.links import Link, LinkEnded, Links
from shared.testing import NOON, SECRET, Servers

LINK = Link("T-1", "accept_solution", "u-1", "王敏", "zh", "n-1", 2)
LINKS = Links(SECRET, "http://desk.test/")


def token_of(url: str) -> str:
    return url.rpartition("/")[2]


def test_a_link_is_read_as_it_was_written() -> None:
    url = LINKS.url(LINK, NOON, timedelta(days=1))
    assert url.startswith("http://desk.test/links/")
    assert LINKS.read(token_of(url), NOON + timedelta(hours=23)) == LINK


def test_a_link_expires() -> None:
    token = token_of(LINKS.url(LINK, NOON, timedelta(days=1)))
    with pytest.raises(LinkEnded, match="expired"):
        LINKS.read(token, NOON + timedelta(days=1, seconds=1))


def test_a_forged_link_is_none(servers: Servers) -> None:
    token = token_of(LINKS.url(LINK, NOON, timedelta(days=1)))
    head, _, signature = token.split(".")
    deep = base64.urlsafe_b64encode(b"[" * 40_000).decode().rstrip("=")
    later = {"aud": "bihuan-link", "exp": 9e9, "sub": "u-1", "ticket": "T-2", "action": "x", "jti": "n"}
    content = base64.urlsafe_b64encode(json.dumps(later).encode()).decode().rstrip("=")
    others = {
        "another secret": token_of(Links("another secret, and long enough too", "").url(LINK, NOON, timedelta(days=1))),
        "other content": f"{head}.{content}.{signature}",
        "unsigned": jwt.encode(later, "", "none"),
        "another audience": jwt.encode({**later, "aud": "bihuan"}, SECRET, "HS256"),
        "no ticket": jwt.encode({k: v for k, v in later.items() if k != "ticket"}, SECRET, "HS256"),
        "no expiry": jwt.encode({k: v for k, v in later.items() if k != "exp"}, SECRET, "HS256"),
        "a token": servers.token("u-1", "lead"),
        "rubbish": "rubbish",
        "a deep header": f"{deep}.{deep}.{signature}",
        "no ascii": "中.文.字",
    }
    for other in others.values():
        with pytest.raises(NotFound, match="invalid"):
            LINKS.read(other, NOON)
