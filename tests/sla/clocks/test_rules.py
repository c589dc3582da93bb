"""Policies and calendars change while clocks run by them."""

from datetime import timedelta

from services.sla.policies.domain import PolicyDetails
from services.sla.policies.matching import Match
from services.sla.policies.targets import SlaTarget, TargetDuration, Unit
from shared.domain import Origin
from shared.events import SlaPolicyChanged
from shared.terms import ClockKind, Priority
from shared.testing import NOON, World
from tests.sla.builders import clocks_of, diagnosed, opened, shanghai, sla_of, tell


async def test_a_replica_that_knows_an_older_calendar_reads_it_again_before_it_counts(world: World) -> None:
    sla = sla_of(world)
    old = await sla.calendars.store.get("cn")
    await tell(world, opened(revision=1))
    week = old.week.model_copy(update={"overrides": {"2026-03-03": "off"}})
    await sla.calendars.put("cn", week, Origin("admin"))
    await world.settle()
    sla.calendars.catalog.replace([old])
    await tell(world, diagnosed(Priority.HIGH, revision=1))
    ticket = await clocks_of(world)
    assert ticket.clocks[ClockKind.RESOLUTION].due_at == shanghai(3, 6, 12)
    assert sla.calendars.catalog.since("cn", None) == ticket.calendar_since == NOON


async def test_a_ticket_that_was_counted_by_a_policy_no_longer_in_force_is_counted_again(world: World) -> None:
    """As when a replica that has not read the new policy yet receives that the ticket was opened."""
    sla = sla_of(world)
    faster = {ClockKind.RESPONSE: {Priority.NORMAL: SlaTarget(amount=1, unit=Unit.HOURS)}}
    await world.publish(opened(NOON + timedelta(minutes=1), revision=1))
    assert (await clocks_of(world)).policy == "default"
    await sla.policies.put(
        "huadong", Match(company="华东贸易有限公司"), None, PolicyDetails("cn", faster), Origin("admin")
    )
    await world.settle()
    ticket = await clocks_of(world)
    hour = TargetDuration(seconds=3600, business_time=False)
    assert (ticket.policy, ticket.clocks[ClockKind.RESPONSE].target) == ("huadong", hour)
    [told] = world.published(SlaPolicyChanged)
    assert (told.company, told.valid_from) == ("华东贸易有限公司", NOON)
    assert told.promises["response"]["normal"].amount == 1
