"""Standard Webhooks, by the example of its specification."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from services.notify.webhooks.endpoint import asked_wait
from services.notify.webhooks.signing import secret_of, signed

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
AT = datetime.fromtimestamp(1614265330, UTC)
NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def test_the_example_of_the_specification_has_its_signature() -> None:
    headers = signed([SECRET], "msg_p5jXN8AQM9LWM0D4loKWxJek", AT, b'{"test": 2432232314}')
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_each_live_secret_signs() -> None:
    new = secret_of(b"k" * 32)
    marks = signed([new, SECRET], "m", AT, "正文".encode())["webhook-signature"].split()
    for secret, mark in zip((new, SECRET), marks, strict=True):
        key = base64.b64decode(secret.removeprefix("whsec_"))
        expected = hmac.digest(key, "m.1614265330.正文".encode(), hashlib.sha256)
        assert mark == f"v1,{base64.b64encode(expected).decode()}"


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        ("Mon, 02 Mar 2026 04:10:00 GMT", 600),
        ("Mon, 02 Mar 2026 03:00:00 GMT", 0),
        ("", 0),
        ("soon", 0),
        ("-5", 0),
        ("９", 0),
        ("9" * 400, 0),
    ],
)
def test_how_long_a_receiver_asks_to_wait(said: str, seconds: int) -> None:
    assert asked_wait(said, NOW) == timedelta(seconds=seconds)
