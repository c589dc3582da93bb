"""The example of the documents accepts what we sign, and nothing else."""

import runpy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.notify.webhooks.signing import secret_of, signed

EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "examples" / "check_webhook.py"
OLD, NEW = secret_of(b"o" * 32), secret_of(b"n" * 32)
AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
BODY = '{"subject": "工单"}'.encode()


@pytest.fixture(scope="module")
def check() -> Any:
    return runpy.run_path(str(EXAMPLE))["is_from_the_desk"]


@pytest.mark.parametrize("secret", [OLD, NEW])
def test_it_accepts_what_is_signed_with_either_secret(check: Any, secret: str) -> None:
    assert check(secret, signed([NEW, OLD], "m", AT, BODY), BODY, AT.timestamp() + 10)


@pytest.mark.parametrize(
    ("changed", "body", "seconds"),
    [
        ({}, BODY + b" ", 0),
        ({}, BODY, 301),
        ({}, BODY, -301),
        ({"webhook-id": "n"}, BODY, 0),
        ({"webhook-timestamp": "soon"}, BODY, 0),
        ({"webhook-signature": "v1,签名 v2,x"}, BODY, 0),
        ({"webhook-signature": ""}, BODY, 0),
    ],
)
def test_it_refuses_everything_else(check: Any, changed: dict[str, str], body: bytes, seconds: int) -> None:
    headers = signed([NEW], "m", AT, BODY) | changed
    assert not check(NEW, headers, body, AT.timestamp() + seconds)


def test_it_refuses_another_secret(check: Any) -> None:
    assert not check(OLD, signed([NEW], "m", AT, BODY), BODY, AT.timestamp())
