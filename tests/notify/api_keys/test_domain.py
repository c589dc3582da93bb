"""Which secrets of a key count, until when, and for what."""

from datetime import datetime, timedelta

import pytest

from services.notify.api_keys.domain import TOKEN_LIVES, ApiKey, KeySecret, Revoked, check_scopes, digest_of
from shared.domain import Invalid
from shared.testing import NOON

DAY = timedelta(days=1)


def secret(text: str) -> KeySecret:
    return KeySecret(digest=digest_of(text), hint=text[:3], kid=text, jwk={}, sealed="x")


def key(*secrets: str) -> ApiKey:
    kept = [secret(one) for one in secrets]
    return ApiKey(id="AK-1", name="ERP", scopes=["ticket:read"], secrets=kept, expires_at=NOON + DAY, created_at=NOON)


def known(one: ApiKey, given: str, now: datetime) -> str:
    found = one.secret(given, now)
    return found.kid if found else ""


def test_only_the_whole_secret_counts_and_only_until_it_expires() -> None:
    one = key("first")
    assert known(one, "first", NOON) == "first"
    for wrong in ("", "firs", "first ", "First", "\ud800", one.secrets[0].digest):
        assert known(one, wrong, NOON) == ""
    assert known(one, "first", NOON + DAY - timedelta(seconds=1)) == "first"
    assert known(one, "first", NOON + DAY) == ""


def test_after_a_rotation_both_count_for_a_while_and_one_before_that_no_more() -> None:
    one = key("first")
    one.rotate(secret("second"), NOON + 90 * DAY, DAY, NOON)
    assert [known(one, text, NOON + DAY / 2) for text in ("first", "second")] == ["first", "second"]
    assert [known(one, text, NOON + DAY) for text in ("first", "second")] == ["", "second"]
    one.rotate(secret("third"), NOON + 90 * DAY, DAY, NOON)
    assert [known(one, text, NOON) for text in ("first", "second", "third")] == ["", "second", "third"]
    one.rotate(secret("fourth"), NOON + 90 * DAY, timedelta(0), NOON)
    assert [one.kid for one in one.live_secrets(NOON)] == ["fourth"]


def test_a_revoked_one_signs_nothing_and_stays_revoked() -> None:
    one = key("first")
    one.revoke("admin", NOON)
    one.revoke("another", NOON + DAY)
    assert (one.secrets, one.revoked_by, one.revoked_at) == ([], "admin", NOON)
    with pytest.raises(Revoked):
        one.rotate(secret("second"), NOON + DAY, DAY, NOON)


def test_no_token_outlives_what_it_is_for() -> None:
    one = key("first")
    assert one.token_ends(one.secrets[0], NOON) == NOON + TOKEN_LIVES
    assert one.token_ends(one.secrets[0], NOON + DAY - timedelta(seconds=9)) == NOON + DAY
    one.rotate(secret("second"), NOON + 90 * DAY, timedelta(seconds=40), NOON)
    assert one.token_ends(one.secrets[1], NOON) == NOON + timedelta(seconds=40)


@pytest.mark.parametrize("scopes", [["ticket:close"], ["ticket:read", "api_key:manage"], ["ticket:read "], [""]])
def test_a_machine_is_given_what_machines_may_do(scopes: list[str]) -> None:
    with pytest.raises(Invalid):
        check_scopes(scopes)


def test_scopes_are_kept_once() -> None:
    assert check_scopes(["ticket:read", "message:post", "ticket:read"]) == ["message:post", "ticket:read"]
