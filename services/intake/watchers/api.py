"""Watchers of tickets over HTTP."""

from functools import partial
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Response
from pydantic import Field, model_validator

from services.intake.tickets.access import TicketsDep, check_access, read
from services.intake.tickets.domain import Ticket
from services.intake.watchers import domain
from shared.auth import Scope
from shared.domain import Forbidden
from shared.events import Watcher
from shared.http import Body, Caller, Page, View, example, may, tagged
from shared.telemetry import about_ticket
from shared.terms import Id, InvalidValue, Line, OptionalEmailAddress, Subject, YesOrNo

router = APIRouter(prefix="/v1/tickets", tags=["watchers"])
MayWatch = Annotated[Caller, may("ticket:watch")]
MYSELF = "me"


class WatchingPerson(Body):
    """Somebody else who is to watch."""

    name: Line
    """Their name"""
    sub: Subject | Literal[""] = ""
    """Who they are when they sign in; empty for a guest"""
    email: OptionalEmailAddress = ""
    """Where they are written to"""
    language: Annotated[str, Field(pattern="^(zh|en)$")] = "zh"
    """zh or en"""
    by_staff: YesOrNo = False
    """Whether they are staff, who are told of internal notes too; else they are of the customer's company"""

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if not (self.sub or self.email):
            raise InvalidValue("`sub` or `email` is required", "`sub` 和 `email` 至少填写一项")
        return self


class NewWatcher(Body):
    model_config = example(person={"name": "秦月", "email": "qin@huadong.example"})

    person: WatchingPerson | None = None
    """Who is to watch, where staff add somebody else; null: oneself"""


class WatcherView(View):
    id: str
    """By which they are removed"""
    name: str
    """Their name"""
    sub: str
    """Who they are when they sign in; empty for a guest"""
    by_staff: bool
    """Whether they are staff"""
    through: str
    """The number of the merged ticket whose contact they are; else empty"""
    added_by: str
    """Who added them, as a subject; empty for contacts of merged tickets"""

    @classmethod
    def of(cls, one: Watcher) -> Self:
        return cls(**{**one.model_dump(include=set(cls.model_fields)), "id": domain.watcher_key(one.id)})


@router.get("/{ticket}/watchers")
async def list_watchers(ticket: Id, tickets: TicketsDep, caller: MayWatch, response: Response) -> Page[WatcherView]:
    """Who watches it, on one page; customers see themselves alone."""
    found = await read(tickets, caller, "ticket:watch", ticket)
    tagged(response, found)
    return _shown(caller, found)


@router.post("/{ticket}/watchers", status_code=201)
async def add_watcher(
    ticket: Id, body: NewWatcher, tickets: TicketsDep, caller: MayWatch, response: Response
) -> Page[WatcherView]:
    """Watch a ticket oneself, or let somebody else: they are told of what is written on it, and when it is completed or
    reopened; of internal notes only staff. A second time it changes nothing."""
    about_ticket(ticket)

    def allow(found: Ticket) -> object:
        scope = check_access(caller, "ticket:watch", found)
        return caller.check("watcher:add", found.contact.sub, found.company) if body.person else scope

    found = await tickets.store.get(ticket)
    allow(found)
    who = caller.principal
    if body.person:
        person = body.person.model_dump()
        watcher = Watcher(id=body.person.sub or f"mailto:{body.person.email}", **person, added_by=who.sub)
    else:
        by_staff = check_access(caller, "ticket:watch", found) is Scope.ALL
        email, name, language = who.email, who.name or who.sub, caller.language[:2]
        watcher = Watcher(
            id=who.sub, name=name, sub=who.sub, email=email, language=language, by_staff=by_staff, added_by=who.sub
        )
    watch = partial(domain.watch, watcher=watcher, now=tickets.now())
    changed = await tickets.store.change(ticket, watch, caller.origin, allow)
    tagged(response, changed)
    return _shown(caller, changed)


@router.delete("/{ticket}/watchers/{watcher}")
async def remove_watcher(
    ticket: Id, watcher: Id, tickets: TicketsDep, caller: MayWatch, response: Response
) -> Page[WatcherView]:
    """Watch it no longer: `me` is oneself; staff remove others too."""
    about_ticket(ticket)
    key = domain.watcher_key(caller.sub)
    wanted = key if watcher == MYSELF else watcher

    def allow(found: Ticket) -> object:
        scope = check_access(caller, "ticket:watch", found)
        if wanted != key and scope is not Scope.ALL:
            raise Forbidden("You can only remove yourself", "只能移除您本人")
        return scope

    unwatch = partial(domain.unwatch, key=wanted, now=tickets.now())
    changed = await tickets.store.change(ticket, unwatch, caller.origin, allow)
    tagged(response, changed)
    return _shown(caller, changed)


def _shown(caller: Caller, ticket: Ticket) -> Page[WatcherView]:
    seen = [one for one in ticket.watchers if caller.sees_all("ticket:watch") or one.sub == caller.sub]
    return Page(items=[WatcherView.of(one) for one in seen], next=None)
