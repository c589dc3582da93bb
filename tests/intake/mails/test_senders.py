"""Whether a mail comes from whom it names."""

import pytest

from services.intake.mails.parsing import parse
from services.intake.mails.senders import is_doubtful
from tests.intake.mails.samples import raw

OURS = "mx.desk.example"


@pytest.mark.parametrize(
    ("checks", "doubtful"),
    [
        ([], False),
        (["mx.desk.example; none"], False),
        (["mx.desk.example; spf=pass smtp.mailfrom=a.example; dkim=none; dmarc=pass header.from=a.example"], False),
        (["MX.desk.example 1; dkim=pass header.d=a.example; spf=softfail (mx: not; a (b) relay); dmarc=none"], False),
        (["mx.desk.example; spf=pass smtp.mailfrom=evil.example; dmarc=fail (p=none) header.from=a.example"], True),
        (["mx.desk.example; spf=none; dkim=none"], True),
        (["mx.desk.example; spf=fail", "mx.desk.example; dkim=pass"], False),
        (["mx.evil.example; dmarc=pass", "mx.desk.example; dmarc=fail"], True),
        (['mx.desk.example; spf=fail (helo (b) x; dkim=pass) reason="x\\"; dkim=pass"'], True),
        (["mx.evil.example; dmarc=fail"], False),
        (["mx.desk.example.evil.example; dmarc=fail"], False),
        (["; ; =", "(" * 5_000, "mx.desk.example" + ";" * 5_000], False),
    ],
)
def test_only_our_own_server_counts(checks: list[str], doubtful: bool) -> None:
    assert is_doubtful(checks, OURS) is doubtful
    assert not is_doubtful(checks, "")


def test_what_servers_say_is_read_from_the_mail() -> None:
    found = parse(
        raw("Authentication-Results: mx.desk.example;", " dmarc=fail", "authentication-results: x; spf=pass", "", "hi")
    )
    assert [" ".join(one.split()) for one in found.checks] == ["mx.desk.example; dmarc=fail", "x; spf=pass"]
    assert is_doubtful(found.checks, OURS)
