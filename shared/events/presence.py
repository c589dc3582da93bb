"""Who is on a ticket just now: told as it changes, and kept nowhere."""

from pydantic import BaseModel, ConfigDict, Field

from shared.terms import Moment

PRESENCE_CHANGED = "triage.presence"
MOST_PEOPLE = 50


class PresentNow(BaseModel):
    """Somebody on a ticket. `doing` is viewing or working; at `until` they count as gone, unless more is told."""

    model_config = ConfigDict(extra="ignore")

    sub: str = Field(max_length=200)
    name: str = Field(max_length=200)
    doing: str = Field(max_length=20)
    since: Moment
    until: Moment


class PresenceChanged(BaseModel):
    """Somebody came to a ticket, left it, or began to work on it: all who are there now. That people stay is not told
    again."""

    model_config = ConfigDict(extra="ignore")

    ticket: str = Field(max_length=80)
    people: list[PresentNow] = Field(max_length=MOST_PEOPLE)
