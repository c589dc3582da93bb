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
from services.sla.figures import api as figures_api
from services.sla.figures.facts import FACTS as COUNTED
from services.sla.figures.handlers import FigureHandlers
from services.sla.figures.store import Days, Records, Sums
from services.sla.improvements import api as improvements_api
from services.sla.improvements.handlers import ImprovementHandlers
from services.sla.improvements.store import Improvements
from services.sla.permissions import PERMISSIONS
from services.sla.policies import api as policies_api
from services.sla.policies.catalog import PolicyCatalog
from services.sla.policies.handlers import PolicyHandlers
from services.sla.policies.store import Policies
from services.sla.reviews import api as reviews_api
from services.sla.reviews.handlers import ReviewHandlers
from services.sla.reviews.store import Reviews
from services.sla.statistics import api as statistics_api
from services.sla.statistics.handlers import StatisticsHandlers
from services.sla.training import api as training_api
from services.sla.training.handlers import TrainingHandlers
from services.sla.training.store import Agendas
from services.sla.warnings import api as warnings_api
from services.sla.warnings.handlers import WarningHandlers
from services.sla.what_if import api as what_if_api
from services.sla.what_if.handlers import WhatIfHandlers
from shared.events import AskClockTargets, ContactErased, SlaCalendarChanged, SlaPolicyChanged
from shared.service import Runtime, serve
from shared.telemetry import STANDING

PARTS = (
    clocks_api,
    policies_api,
    calendars_api,
    figures_api,
    statistics_api,
    reviews_api,
    improvements_api,
    what_if_api,
    training_api,
    warnings_api,
)
ROUTERS = [part.router for part in PARTS]


@dataclass(frozen=True)
class Sla:
    calendars: CalendarHandlers
    policies: PolicyHandlers
    clocks: ClockHandlers
    figures: FigureHandlers
    statistics: StatisticsHandlers
    improvements: ImprovementHandlers
    reviews: ReviewHandlers
    what_if: WhatIfHandlers
    training: TrainingHandlers
    warnings: WarningHandlers


def create_app(runtime: Runtime | None = None) -> FastAPI:
    return serve("sla", wire, ROUTERS, PERMISSIONS, runtime)


def wire(runtime: Runtime) -> Sla:
    clock_store, calendar_store = runtime.store(Clocks), runtime.store(Calendars)
    calendars = CalendarHandlers(calendar_store, CalendarCatalog(runtime.now), runtime.now)
    policies = PolicyHandlers(runtime.store(Policies), calendars, PolicyCatalog(), runtime.now)
    clocks = ClockHandlers(clock_store, policies, calendars, runtime.now, runtime.silent)
    day_store = runtime.store(Days)
    figures = FigureHandlers(runtime.store(Records), day_store, runtime.store(Sums), clocks, calendars, runtime.now)
    improvement_store, review_store = runtime.store(Improvements), runtime.store(Reviews)
    improvements = ImprovementHandlers(improvement_store, calendars, runtime.now)
    reviews = ReviewHandlers(review_store, figures, improvements, calendars, runtime.now)
    agenda_store = runtime.store(Agendas)
    training = TrainingHandlers(agenda_store, figures, calendars, runtime.now)
    what_if = WhatIfHandlers(clocks, policies, calendars, figures, runtime.now)
    statistics = StatisticsHandlers(figures, calendars, runtime.now)
    runtime.bus.answers("sla.promises", AskClockTargets, clocks.targets)
    runtime.at_start(partial(policies.seed_defaults, silent=runtime.silent))
    runtime.on_batch(COUNTED, figures.hear)
    for kind in FACTS:
        runtime.on(kind, clocks.hear)
    runtime.on(ContactErased, clocks.forget)
    runtime.on(SlaCalendarChanged, clocks.apply_calendar)
    runtime.on(SlaPolicyChanged, clocks.apply_policy)
    if runtime.silent:
        for kind in ANNOUNCEMENTS:
            runtime.on(kind, clocks.restore_published)
        runtime.at_stop(figures.count_all)
    else:
        runtime.at_start(clocks.note_standing)
        runtime.at_start(reviews.plan)
        runtime.at_start(training.plan)
    runtime.when_due(clock_store, clocks.check_due)
    runtime.when_due(day_store, figures.count_due)
    runtime.when_due(review_store, reviews.make_due)
    runtime.when_due(agenda_store, training.propose_due)
    runtime.when_due(improvement_store, improvements.remind)
    runtime.when_due(calendar_store, calendars.check_due)
    warnings = WarningHandlers(clocks, figures)
    runtime.measured(warnings.measure, STANDING)
    return Sla(calendars, policies, clocks, figures, statistics, improvements, reviews, what_if, training, warnings)
