"""A team: whether its tickets are pulled or dispatched, its lead, and how long it waits for an acknowledgement."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from shared.domain import Aggregate, Value
from shared.events import Event
from shared.terms import Line, Subject, Term, Whole

DEFAULT = "default"  # for tickets that are no team's; it is always there


class DispatchMode(Term):
    PULL = "pull", "engineers claim tickets", "工程师自行领取"
    PUSH = "push", "tickets are dispatched", "系统分派"


class TeamSettings(Value):
    name: Line
    """What it is called"""
    lead: Subject | None = None
    """Who leads it, as a subject: given urgent tickets when no senior engineer and nobody on call is there"""
    dispatch: DispatchMode = DispatchMode.PULL
    """pull: engineers claim tickets; push: they are given them as soon as they have room"""
    acknowledge_minutes: Annotated[Whole, Field(ge=1, le=1440)] = 15
    """By when an urgent ticket is acknowledged, before it goes to somebody else"""
    alarm_minutes: Annotated[Whole, Field(ge=1, le=1440)] = 5
    """How often an alarm is raised while nobody has an urgent ticket or acknowledges it"""


class Team(Aggregate):
    name: str = ""
    lead: str | None = None
    dispatch: DispatchMode = DispatchMode.PULL
    acknowledge_minutes: int = 15
    alarm_minutes: int = 5

    @property
    def acknowledge_within(self) -> timedelta:
        return timedelta(minutes=self.acknowledge_minutes)

    @property
    def alarm_every(self) -> timedelta:
        return timedelta(minutes=self.alarm_minutes)

    def set_up(self, said: TeamSettings) -> list[Event]:
        self.name, self.lead, self.dispatch = said.name, said.lead, said.dispatch
        self.acknowledge_minutes, self.alarm_minutes = said.acknowledge_minutes, said.alarm_minutes
        return []


DEFAULT_TEAM = Team(id=DEFAULT, name="服务台 Service desk")
