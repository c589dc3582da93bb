"""Warnings of clocks go to whom the ladder names, as loudly as it says; and what is asked for again is told once."""

from datetime import timedelta
from typing import Any

from services.notify.channels.domain import DeliveryChannel
from shared.events import SlaWarned, SlaYearMissing
from shared.terms import ClockKind
from shared.testing import LIU, NOON, World
from tests.notify.conftest import deliveries_to, notify_of
from tests.notify.samples import TICKET, assigned, opened


def warned(percent: int, **more: Any) -> SlaWarned:
    due_at = NOON + timedelta(hours=1)
    return SlaWarned(subject=TICKET, time=NOON, clock=ClockKind.RESPONSE, due_at=due_at, percent=percent, **more)


async def test_a_rung_of_the_ladder_says_who_is_told_and_how_loudly(mailing: World) -> None:
    await mailing.publish(opened())
    await mailing.publish(assigned())
    await mailing.publish(warned(50, to=["assignee"], urgency="quiet"))
    await mailing.publish(warned(150, to=["lead", "manager"], urgency="urgent"))
    by_template = {one.template: one.channel for one in await deliveries_to(mailing, LIU.sub)}
    assert by_template == {"work_assigned": DeliveryChannel.EMAIL, "clock_warned": DeliveryChannel.ONLINE}
    for role in ("role:lead", "role:admin"):
        [loud] = await deliveries_to(mailing, role)
        assert loud.words["zh"].title.startswith("【紧急】严重超时（响应，已用 150%）")
        assert loud.words["en"].title.startswith("URGENT: SLA long overdue (response, 150 %)")


async def test_leads_and_administrators_are_told_once_that_a_year_is_missing(world: World) -> None:
    for week in range(3):
        at = NOON + timedelta(days=7 * week)
        world.time = at
        await world.publish(SlaYearMissing(subject="cn", time=at, calendar="cn", year=2027))
    for role in ("role:lead", "role:admin"):
        [told] = await notify_of(world).deliveries.store.where({"recipient": role})
        assert "2027" in told.words["zh"].title
        assert "2027" in told.words["en"].title
