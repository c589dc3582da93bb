"""What the sla service is made of, on one screen."""

from dataclasses import dataclass
from functools import partial

from fastapi import FastAPI

from services.sla.calendars import api as calendars_api
from services.sla.calendars.catalog import CalendarCatalog
from services.sla.calendars.handlers import CalendarHandlers
from services.sla.calendars.store import Calendars
from services.sla.clocks import api as clocks_api
from services.sla.clocks.announcements import ANNOUNCEMENTS
from services.sla.clocks.facts import FACTS
from services.sla.clocks.handlers import ClockHandlers
from services.sla.clocks.store import Clocks
from services.sla.permissions import PERMISSIONS
from services.sla.policies import api as policies_api
from services.sla.policies.catalog import PolicyCatalog
from services.sla.policies.handlers import PolicyHandlers
from services.sla.policies.store import Policies
from services.sla.reviews import api as reviews_api
from services.sla.reviews.handlers import ReviewHandlers
from shared.events import AskPromises, SlaCalendarChanged, SlaPolicyChanged
from shared.service import Runtime, serve

ROUTERS = [part.router for part in (clocks_api, policies_api, calendars_api, reviews_api)]


@dataclass(frozen=True)
class Sla:
    calendars: CalendarHandlers
    policies: PolicyHandlers
    clocks: ClockHandlers
    reviews: ReviewHandlers


def create_app(runtime: Runtime | None = None) -> FastAPI:
    return serve("sla", wire, ROUTERS, PERMISSIONS, runtime)


def wire(runtime: Runtime) -> Sla:
    clock_store, calendar_store = runtime.store(Clocks), runtime.store(Calendars)
    calendars = CalendarHandlers(calendar_store, CalendarCatalog(runtime.now), runtime.now)
    policies = PolicyHandlers(runtime.store(Policies), calendars, PolicyCatalog(), runtime.now)
    clocks = ClockHandlers(clock_store, policies, calendars, runtime.now, runtime.silent)
    reviews = ReviewHandlers(clocks, calendars, runtime.now)
    runtime.bus.answers("sla.promises", AskPromises, clocks.promises)
    runtime.at_start(partial(policies.seed_defaults, silent=runtime.silent))
    for kind in FACTS:
        runtime.on(kind, clocks.hear)
    runtime.on(SlaCalendarChanged, clocks.apply_calendar)
    runtime.on(SlaPolicyChanged, clocks.apply_policy)
    if runtime.silent:
        for kind in ANNOUNCEMENTS:
            runtime.on(kind, clocks.restore_published)
    runtime.when_due(clock_store, clocks.check_due)
    runtime.when_due(calendar_store, calendars.check_due)
    return Sla(calendars, policies, clocks, reviews)
