"""Calendars, one document each."""

from services.sla.calendars.domain import Calendar
from shared.store import Store


class Calendars(Store[Calendar]):
    kind = Calendar
