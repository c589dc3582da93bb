"""Time zones by their names in the database of zones (`Asia/Shanghai`)."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared.domain import Invalid


def zone_of(name: str, field: str) -> ZoneInfo:
    """Raises Invalid."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid(f"{name} is no time zone", f"时区“{name}”无效", field) from None
