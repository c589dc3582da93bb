"""What people see of staff."""

from typing import Self

from services.intake.staff.domain import StaffMember
from shared.http import View


class StaffMemberView(View):
    """Somebody of staff."""

    sub: str
    """Who it is, as a subject"""
    name: str
    """Their name"""

    @classmethod
    def of(cls, one: StaffMember) -> Self:
        return cls(sub=one.id, name=one.name)
