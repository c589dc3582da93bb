"""What sla tells: clocks, and the rules that they follow; and the one question that it answers over the bus."""

from pydantic import BaseModel, ConfigDict, Field

from shared.events.envelope import Event, Part
from shared.terms import ClockKind, Moment


class SlaDeadlineMoved(Event):
    """What a list of tickets shows: the first clock that runs, or ran, out (none while all are paused or stopped),
    and whether one is late; `provisional`: `due_at` may move, because it is in a year whose days off are not announced
    yet. Told from the diagnosis on."""

    kind = "sla.deadline_moved"
    clock: ClockKind | None
    due_at: Moment | None
    late: bool
    provisional: bool = False


class SlaWarned(Event):
    """So many `percent` of a clock's target have run, also more than 100: whom (`to`: assignee, lead, manager) to tell,
    and how loudly (`urgency`: quiet, normal, urgent)."""

    kind = "sla.warned"
    clock: ClockKind
    due_at: Moment
    percent: int = 80
    to: list[str] = ["assignee", "lead"]
    urgency: str = "normal"


class SlaBreached(Event):
    """A target was missed; `to` and `urgency` as of sla.warned."""

    kind = "sla.breached"
    clock: ClockKind
    due_at: Moment
    to: list[str] = ["assignee", "lead"]
    urgency: str = "normal"


class SlaMet(Event):
    """A clock stopped at `time`; `within_target` says whether in time, `elapsed_seconds` is the sum of its ledger. What
    was heard later may change that: of several about one clock the one with the greatest revision holds, also against
    a breach that was told before."""

    kind = "sla.met"
    clock: ClockKind
    elapsed_seconds: float
    target_seconds: float
    within_target: bool


class SlaConsultationDue(Event):
    kind = "sla.consultation_due"
    due_at: Moment


class SlaCallBackDue(Event):
    kind = "sla.call_back_due"
    due_at: Moment


class WorkingHours(Part):
    """From `start` until before `end`, as HH:MM; 24:00 is midnight."""

    start: str
    end: str


class WorkingWeek(Part):
    """`weekly` begins with Monday; `overrides` say of single days (YYYY-MM-DD) whether they are `off` or `work`, and
    win over the public holidays of `country` (two letters, or none); `hours` of single days win over everything."""

    zone: str
    weekly: list[list[WorkingHours]]
    country: str = ""
    overrides: dict[str, str] = {}
    hours: dict[str, list[WorkingHours]] = {}


class AnnouncedDay(Part):
    """A day (YYYY-MM-DD) that is `off`, or `work` to make up for one."""

    day: str
    type: str
    name: str = ""


class AnnouncedYear(Part):
    """What is off and made up for in a year, as it was announced: all of it."""

    year: int
    days: list[AnnouncedDay]


class SlaCalendarChanged(Event):
    """Known since `time`: a `week` that holds for days from `valid_from` on (None: for all), the list of a year, or
    that public holidays come from another release of the `library`. Open clocks are counted again."""

    kind = "sla.calendar_changed"
    calendar: str
    week: WorkingWeek | None = None
    valid_from: str | None = None
    announced: AnnouncedYear | None = None
    library: str = ""


class SlaYearMissing(Event):
    """A calendar needs the list of days off and make-up workdays of this `year`; until it is there, deadlines in that
    year are provisional. Told once a week from October of the year before on."""

    kind = "sla.year_missing"
    calendar: str
    year: int


class TargetTime(Part):
    """So many `hours`, `working_hours` or `working_days`."""

    amount: float
    unit: str


class WarningRung(Part):
    """At so many per cent of a target these are told, so loudly."""

    percent: int
    to: list[str]
    urgency: str = "normal"


class SlaPolicyChanged(Event):
    """What is promised to tickets opened from `valid_from` on: by clock, then by priority. It is for tickets of this
    `company`, customer `tier`, `product` and `team` (a queue), as far as they are named; of several the one with the
    smallest `order` holds, then the narrower one. None is asked that is `retired`. `ladders` say whom a clock warns,
    where that is not as usual; none is paused for more than `max_pause_hours` in all (0: without limit)."""

    kind = "sla.policy_changed"
    company: str
    tier: str = ""
    product: str = ""
    team: str = ""
    order: int = 100
    retired: bool = False
    valid_from: Moment
    calendar: str
    promises: dict[str, dict[str, TargetTime]]
    ladders: dict[str, list[WarningRung]] = {}
    max_pause_hours: float = 0


class AskClockTargets(BaseModel):
    """Asked of sla (`bihuan.sla.promises`, request/reply): what the customer of this ticket is promised."""

    model_config = ConfigDict(extra="ignore")

    ticket: str = Field(max_length=80)


class ClockTarget(Part):
    """Of one clock: when it is due (None while it stands still, so that nobody can say), and when it was met (None
    until then)."""

    clock: ClockKind
    due_at: Moment | None
    met_at: Moment | None
    provisional: bool = False


class ClockTargets(BaseModel):
    """Empty while nothing is known of the ticket."""

    model_config = ConfigDict(extra="ignore")

    promises: list[ClockTarget]
