"""Moments as other desks write them down."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from shared.domain import Invalid

# 2021-11-03T11:51:13.759Z, 2021-11-03 11:51:13, 2021/11/3 11:51
_DAY_FIRST = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?)?\s?(Z|[+-]\d{2}:?\d{2})?"
)
# 11/3/21 11:51 AM, as osTicket's sheets have it in English
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})[, ]{1,2}(\d{1,2}):(\d{2})(?::(\d{2}))?\s?([AaPp])[Mm]")
_NEVER = re.compile(r"0000-00-00.{0,20}")


def moment(written: object, zone: ZoneInfo) -> datetime | None:
    """None where nothing is written, or MySQL's zero. One without an offset is by the clocks of this zone. Raises
    Invalid."""
    text = str(written).strip()[:60] if written is not None else ""
    if not text or _NEVER.fullmatch(text):
        return None
    try:
        if found := _DAY_FIRST.fullmatch(text):
            year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
            offset = found[7]
            if offset and offset != "Z":
                signed = offset if ":" in offset else f"{offset[:3]}:{offset[3:]}"
                written_out = f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}{signed}"
                return datetime.fromisoformat(written_out).astimezone(UTC)
            by = UTC if offset else zone
            return datetime(year, month, day, hour, minute, second, tzinfo=by).astimezone(UTC)
        if found := _AMERICAN.fullmatch(text):
            month, day, year, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
            hour = hour % 12 + (12 if found[7] in "Pp" else 0)
            year += 2000 if year < 100 else 0
            return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Invalid("A moment cannot be read", "无法识别的时间格式")
