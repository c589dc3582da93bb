"""Somebody of staff, as their provider names them."""

from shared.domain import Aggregate
from shared.events import Event


class StaffMember(Aggregate):
    """`id` is their subject."""

    name: str

    def call(self, name: str) -> list[Event]:
        self.name = name
        return []
