"""Correcting and completing what is known of a problem."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from services.intake.forms.catalog import Forms
from services.intake.forms.domain import AppliedForm
from services.intake.forms.fields import value_of, with_values
from services.intake.tickets.asking import follow, form_of, subject_of
from services.intake.tickets.domain import Ticket
from services.intake.tickets.questions import still_open
from services.intake.tickets.sizes import as_before
from shared.domain import Invalid
from shared.events import Event, Problem, TicketAmended

CUSTOM = "custom_fields"


def amend(
    ticket: Ticket, facts: Mapping[str, object], by_staff: bool, now: datetime, forms: Forms | None = None
) -> list[Event]:
    """Nothing is waited for when nothing is lacking any more, or when the customer has filled in something that was
    asked for. Of custom fields those that are named are changed, an empty one is taken away. Raises Invalid."""
    ticket.require_open("it cannot be changed", "不能修改")
    old, subject = ticket.problem, subject_of(ticket)
    problem = old.model_copy(update={name: value for name, value in facts.items() if name != CUSTOM})
    moved = forms is not None and problem.product != old.product
    form = forms.applied(problem.product, ticket.category or "") if forms and moved else form_of(ticket)
    problem = _read(problem, facts, form)
    changed = {
        name: getattr(old, name) for name in facts if name != CUSTOM and getattr(problem, name) != getattr(old, name)
    }
    custom = cast(Mapping[str, str], facts.get(CUSTOM, {}))
    changed |= {f"{CUSTOM}.{key}": value_of(old, key) for key in custom if value_of(problem, key) != value_of(old, key)}
    if not changed:
        return []
    fields = {name.removeprefix(f"{CUSTOM}.") for name in changed}
    asked = {question.field for question in ticket.questions}
    ticket.problem = problem
    ticket.found = [name for name in ticket.found if name not in changed]
    ticket.questions = still_open(ticket.questions, problem, form_of(ticket))
    if not ticket.questions or (not by_staff and asked & fields):
        ticket.lacking = ticket.incomplete = False
    before = {name: as_before(value) for name, value in changed.items()}
    return [
        TicketAmended(subject=ticket.id, time=now, problem=problem, changed=list(changed), before=before),
        *follow(ticket, forms, subject, now),
        *ticket.update_stage("amended", now),
    ]


def complete(ticket: Ticket, told: Mapping[str, object], now: datetime) -> list[Event]:
    """What was said without being given in a field fills those that are empty, where it looks as the form wants it.
    Other fields that it makes necessary are asked for by who calls this, who brings the stage up to date as well."""
    old, form = ticket.problem, form_of(ticket)
    new = {
        name: value
        for name, value in told.items()
        if value and getattr(old, name) in ("", None) and form.taken(name, str(value))
    }
    if not new:
        return []
    ticket.problem = old.model_copy(update=new)
    ticket.found = [*ticket.found, *new]
    ticket.questions = still_open(ticket.questions, ticket.problem, form)
    if not ticket.questions:
        ticket.lacking = ticket.incomplete = False
    before = {name: getattr(old, name) for name in new}
    return [TicketAmended(subject=ticket.id, time=now, problem=ticket.problem, changed=list(new), before=before)]


def _read(problem: Problem, facts: Mapping[str, object], form: AppliedForm) -> Problem:
    """With its fields as they are kept. Raises Invalid."""
    custom = cast(Mapping[str, str], facts.get(CUSTOM, {}))
    read: dict[str, str] = {}
    for key, said in custom.items():
        one = form.field(key)
        if one is not None and one.is_custom:
            read[key] = one.read(said, f"body.{CUSTOM}.{key}")
        elif said or key not in problem.custom_fields:  # what an earlier form asked for can be taken away
            raise Invalid(f"There is no field {key}", f"没有字段 {key}", f"body.{CUSTOM}.{key}")
        else:
            read[key] = ""
    for name, value in facts.items():
        if (one := form.field(name)) and isinstance(value, str) and not one.is_custom:
            one.read(value, f"body.{name}")
    return with_values(problem, read)
