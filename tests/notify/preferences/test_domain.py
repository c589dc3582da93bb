"""When what happens is sent, by the person's clock."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from services.notify.preferences.domain import PreferenceDetails, QuietHours


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def details(digest: str = "immediately", quiet: str = "", zone: str = "Asia/Shanghai") -> PreferenceDetails:
    start, _, end = quiet.partition("-")
    known = {"digest": digest, "time_zone": zone, "quiet_hours": {"start": start, "end": end} if quiet else None}
    return PreferenceDetails.model_validate(known)


NIGHT = "22:00-08:00"


@pytest.mark.parametrize(
    ("wanted", "now", "sent"),
    [
        (details(), "2026-03-02T23:00+08:00", None),
        (details(quiet=NIGHT), "2026-03-02T21:59+08:00", None),
        (details(quiet=NIGHT), "2026-03-02T22:00+08:00", "2026-03-03T08:00+08:00"),
        (details(quiet=NIGHT), "2026-03-03T07:59+08:00", "2026-03-03T08:00+08:00"),
        (details(quiet=NIGHT), "2026-03-03T08:00+08:00", None),
        (details(quiet="12:00-13:30"), "2026-03-02T12:10+08:00", "2026-03-02T13:30+08:00"),
        (details("hourly"), "2026-03-02T12:00+08:00", "2026-03-02T13:00+08:00"),
        (details("hourly", NIGHT), "2026-03-02T21:30+08:00", "2026-03-03T08:00+08:00"),
        (details("daily"), "2026-03-02T12:00+08:00", "2026-03-03T09:00+08:00"),
        (details("daily"), "2026-03-02T08:59:59+08:00", "2026-03-02T09:00+08:00"),
        (details("daily", "08:00-10:00"), "2026-03-02T12:00+08:00", "2026-03-03T10:00+08:00"),
        (details(quiet=NIGHT, zone="America/New_York"), "2026-03-02T22:00-05:00", "2026-03-03T08:00-05:00"),
        # Clocks go forward that night, so it is an hour shorter.
        (details(quiet=NIGHT, zone="America/New_York"), "2026-03-07T23:00-05:00", "2026-03-08T08:00-04:00"),
        # They show 02:30 twice, or not at all.
        (details(quiet="22:00-02:30", zone="Europe/Berlin"), "2026-10-25T01:00+02:00", "2026-10-25T02:30+02:00"),
        (details(quiet="22:00-02:30", zone="Europe/Berlin"), "2026-10-25T02:15+01:00", "2026-10-25T02:30+01:00"),
        (details(quiet="22:00-02:30", zone="Europe/Berlin"), "2026-03-29T01:15+01:00", "2026-03-29T03:30+02:00"),
        (details(quiet="22:00-02:30", zone="Europe/Berlin"), "2026-03-29T03:00+02:00", None),
        (details("daily", zone="Europe/Berlin"), "2026-10-24T12:00+02:00", "2026-10-25T09:00+01:00"),
        (details("hourly", zone="Europe/Berlin"), "2026-10-25T02:30+02:00", "2026-10-25T02:00+01:00"),
        (details("hourly", zone="Asia/Kolkata"), "2026-03-02T12:40:20+05:30", "2026-03-02T13:00+05:30"),
    ],
)
def test_when_it_is_sent(wanted: PreferenceDetails, now: str, sent: str | None) -> None:
    assert wanted.held_until(at(now)) == (at(sent) if sent else None)


def test_what_is_no_zone_and_what_is_never_quiet_is_refused() -> None:
    for zone in ("Mars/Olympus", "../etc/passwd", "/etc/passwd", ""):
        with pytest.raises(ValidationError, match="time zone"):
            PreferenceDetails(time_zone=zone)
    with pytest.raises(ValidationError, match="differ"):
        QuietHours(start="08:00", end="08:00")
