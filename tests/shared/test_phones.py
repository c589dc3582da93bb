"""Telephone numbers as people and systems write them."""

import pytest

from shared.phones import e164


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("138-0013-8000", "+8613800138000"),
        ("010 6255 1234", "+861062551234"),
        ("(021) 5555-0101", "+862155550101"),
        ("+86-21-5555-0101", "+862155550101"),
        ("+1 (202) 555-0101", "+12025550101"),
        ("不详", ""),
        ("+49 30 123456", "+4930123456"),
        ("0049 30 123456", "+4930123456"),
        ("１３８００１３８０００", "+8613800138000"),
        ("8001", ""),
        ("anonymous", ""),
        ("", ""),
        ("9" * 10_000, ""),
    ],
)
def test_numbers_as_they_are_dialled_from_anywhere(written: str, number: str) -> None:
    assert e164(written, "CN") == number
