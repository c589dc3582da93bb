"""Telephone numbers, as E.164 writes them (https://www.itu.int/rec/T-REC-E.164)."""

import phonenumbers

HOME = "CN"  # where numbers without a country code are from, unless somebody says so


def e164(written: str, region: str = HOME) -> str:
    """`+8613800138000`; empty for what is no number that can be called back. `region` is where numbers without a code
    are from, as ISO 3166 calls it."""
    try:
        number = phonenumbers.parse(written[:40], region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
