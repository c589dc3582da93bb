"""Who hears what: every event that people are told of, by everybody whom a ticket concerns. What is internal reaches no
customer, and nobody is told of what they did themselves."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from pydantic import SecretStr

from services.notify.audiences.domain import Audience
from services.notify.audiences.facts import hear
from services.notify.channels.robot_settings import RobotSetting
from services.notify.deliveries.domain import Delivery
from services.notify.deliveries.planner import Planner
from services.notify.deliveries.robots import Robots
from services.notify.deliveries.rules import RULES, rules_for
from services.notify.preferences.domain import PreferenceDetails
from services.notify.templates.catalogues import CUSTOMER_TEMPLATES, OUTSIDE_TEMPLATES, STAFF_TEMPLATES
from services.notify.templates.renderer import Renderer
from shared.domain import TooEarly
from shared.events import Event
from shared.links import Links
from shared.terms import Channel
from shared.testing import CHEN, LIU, NOON, SECRET, VIEWER, WANG, Person
from tests.notify.deliveries.test_watchers import watching
from tests.notify.samples import EVERY, VERIFIED, assigned, opened, posted

NOTE = posted("内部：客户的合同下月到期", CHEN, by_staff=True, internal=True)
EVENTS = [*EVERY, NOTE]
CAST = (WANG, VIEWER, CHEN, LIU)  # customer, who watches on their side, who watches as staff, engineer
PLANNER = Planner(Renderer(), Links(SECRET, "http://desk.test"), has_email=True, reaches=lambda _: False)
# What customers and who watches on their side are told of an event, in its own words: all else that it says is not
# for them.
SAID = {
    "ticket.message_posted": {"text"},
    "ticket.plan_carried_out": {"result"},
    "ticket.reopened": {"reason"},
    "triage.assigned": {"engineer_name"},
    "triage.solution_verified": {"solution"},
}
STAFF_TEXTS = set(STAFF_TEMPLATES)
ENVELOPE = set(Event.model_fields)
WITHOUT_LINK = re.compile(r"http\S+")


def by_kind(event: Event) -> str:
    return f"{event.kind}{'-note' if event is NOTE else ''}"


def audience() -> Audience:
    found = Audience.of(opened())
    for fact in (assigned(), VERIFIED, watching((VIEWER, False), (CHEN, True))):
        hear(found, fact)
    return found


def plan(event: Event) -> list[Delivery]:
    return PLANNER.plan(event, audience(), NOON, {})


def to_outsiders(event: Event) -> list[Delivery]:
    return [one for one in plan(event) if one.recipient in audience().outsiders]


def words(deliveries: list[Delivery]) -> str:
    return "\n".join(f"{said.title}\n{said.text}" for one in deliveries for said in one.words.values())


@pytest.mark.parametrize("event", EVENTS, ids=by_kind)
def test_customers_are_told_in_words_for_customers_and_staff_in_words_for_staff(event: Event) -> None:
    outsiders = {one.template for one in to_outsiders(event)}
    assert outsiders <= set(CUSTOMER_TEMPLATES)
    inboxes = {one.template for one in plan(event) if one.recipient.startswith("role:")}
    assert inboxes <= STAFF_TEXTS | set(OUTSIDE_TEMPLATES)
    strangers = {one.template for one in plan(event) if one.recipient not in {who.sub for who in CAST}}
    assert strangers <= STAFF_TEXTS | set(OUTSIDE_TEMPLATES)


@pytest.mark.parametrize("event", EVENTS, ids=by_kind)
def test_customers_are_told_nothing_that_is_internal(event: Event) -> None:
    said = {name for name, marked in marked_by_field(event) if f"«{name}»" in words(to_outsiders(marked))}
    assert said <= SAID.get(event.kind, set())


def marked_by_field(event: Event) -> Iterator[tuple[str, Event]]:
    """It with each of its texts marked, one after the other."""
    for name in type(event).model_fields:
        if name not in ENVELOPE and type(getattr(event, name)) is str:
            marked = event.model_copy(update={name: f"«{name}»"})
            try:
                plan(marked)
            except TooEarly:  # it names who had the ticket: nobody of that name
                continue
            yield name, marked


@pytest.mark.parametrize("event", EVENTS, ids=by_kind)
def test_by_a_messenger_they_are_told_no_more_and_robots_tell_inboxes_of_roles_alone(event: Event) -> None:
    found = audience()
    found.customer = found.customer.model_copy(update={"messenger": "wecom:desk:wang"})
    found.wrote_by = Channel.WECOM
    planner = replace(PLANNER, reaches=lambda _: True)
    told = planner.plan(event, found, NOON, {LIU.sub: PreferenceDetails(messenger="feishu:desk:liu")})
    outside = [one for one in told if one.recipient in found.outsiders]
    assert WITHOUT_LINK.sub("", words(outside)) == WITHOUT_LINK.sub("", words(to_outsiders(event)))
    every = RobotSetting(id="r", kind="wecom", url=SecretStr("https://x.test"), inboxes=["lead", "kb_editor", "admin"])
    for one in told:
        Robots([every]).hold(one, NOON)
    assert {one.recipient.partition(":")[0] for one in told if one.robots} <= {"role"}
    assert {one.channel for one in told} - {"online", "email"} <= {"wecom", "feishu"}


def test_a_note_reaches_staff_alone_and_its_words_stay_where_they_are() -> None:
    told = plan(NOTE.model_copy(update={"author": LIU.sub, "actor": LIU.sub}))
    assert [one.recipient for one in told] == [CHEN.sub]
    assert "合同" not in words(told)


@pytest.mark.parametrize("person", CAST, ids=lambda one: one.sub)
@pytest.mark.parametrize("event", EVENTS, ids=by_kind)
def test_nobody_is_told_of_what_they_did_unless_it_answers_them(event: Event, person: Person) -> None:
    who_did = [name for name in ("actor", "author", "by") if hasattr(event, name)]
    done = event.model_copy(update=dict.fromkeys(who_did, person.sub))
    answers = {rule.template for rule in rules_for(done) if rule.include_actor}
    assert {one.template for one in plan(done) if one.recipient == person.sub} <= answers


def test_the_matrix_has_every_event_and_every_recipient() -> None:
    assert {type(event) for event in EVENTS} == set(RULES)
    told = {one.recipient for event in EVENTS for one in plan(event)}
    assert {one.sub for one in CAST} <= told
    assert {"role:lead", "role:kb_editor"} <= told


def test_what_customers_are_told_is_not_allowed_for_nothing() -> None:
    said: dict[str, set[str]] = {}
    for event in EVENTS:
        for name, marked in marked_by_field(event):
            if f"«{name}»" in words(to_outsiders(marked)):
                said.setdefault(event.kind, set()).add(name)
    assert said == SAID
