"""What people outside the desk may be told, fact by fact: in whatever branch of a text it stands, on the live stream,
by webhooks. A new fact is told nobody before it stands here too."""

from collections.abc import Iterator
from typing import Any

import pytest
from jinja2 import nodes

from services.intake.timeline.others_kinds import WORK_KINDS
from services.intake.timeline.own_kinds import FOLLOWING_KINDS, OWN_KINDS
from services.notify.deliveries.rules import NAMED, RULES, Recipient
from services.notify.stream.visibility import CUSTOMER_FIELDS, public_envelope
from services.notify.templates.catalogues import CUSTOMER_TEMPLATES, TEMPLATES
from services.notify.templates.checks import OBJECTS, SYNTAX
from services.notify.webhooks.domain import Payload
from services.notify.webhooks.payloads import body_of
from shared.events import (
    Contact,
    Event,
    Problem,
    Question,
    TicketAmended,
    TicketCompleted,
    TicketMessagePosted,
    TicketOpened,
    TicketPlanAgreed,
    TicketReopened,
    TicketStageChanged,
    TriageAssigned,
    UnfitAnswer,
)
from shared.terms import Channel, Outcome, Stage, Status
from shared.testing import NOON, VIEWER, WANG
from tests.notify.samples import PROBLEM, TICKET, opened
from tests.notify.test_matrix import PLANNER, audience

CUSTOMER = {"audience.title", "audience.customer.name"}
ASKED = {"event.title", "event.contact", "event.party", "event.reason", "event.due_at"}
# By text, what it says of what happened and whom it concerns; it may always name the ticket, and have a link.
TOLD: dict[str, set[str]] = {
    "opened": {*CUSTOMER, "event.questions", "event.questions[]"},
    "questions_asked": {
        *CUSTOMER,
        "event.reminder",
        "event.first",
        "event.questions",
        "event.questions[]",
        "event.unfit",
        "event.unfit[]",
        "event.unfit[].said",
    },
    "reply": {*CUSTOMER, "event.text"},
    "watched_message": {"audience.title", "event.text"},
    "watched_completed": {"audience.title", "event.outcome"},
    "watched_reopened": {"audience.title", "event.undone", "event.reason"},
    "assigned": {*CUSTOMER, "event.engineer_name"},
    "please_verify": {*CUSTOMER, "event.solution"},
    "link": {*CUSTOMER, "event.action"},
    "please_rate": {*CUSTOMER, "audience.solution"},
    "please_rate_again": {*CUSTOMER, "event.result"},
    "completed": {*CUSTOMER, "event.outcome", "event.reason"},
    "third_party_asked": ASKED,
    "third_party_overdue": ASKED,
    "consultation_invited": {
        "event.title",
        "theirs.name",
        "theirs.role",
        "event.background",
        "event.tried",
        "event.stuck_at",
    },
    "consultation_cancelled": {"event.title", "theirs.name"},
    "action_given": {"theirs.owner", "theirs.text", "theirs.due_at"},
    "action_late": {"event.times", "event.action.owner", "event.action.due_at", "event.action.text"},
}
# Of events that customers see, what they do not see of them.
KEPT: dict[type[Event], set[str]] = {
    TicketOpened: {"linked", "links", "contact_id", "company_id", "tier", "policy", "reply_to"},
    TicketMessagePosted: {"recorded_by", "assignee", "channel", "reply_to", "broadcast", "automatic"},
    TicketStageChanged: {"why"},
    TicketCompleted: {
        "customer",
        "customer_name",
        "company",
        "assignee",
        "rounds",
        "fingerprints",
        "feedback_comment",
        "cause_of_dissatisfaction",
        "second_plan",
        "shortened",
        "reason",
        "duplicate_of",
    },
    TriageAssigned: {
        "acknowledge_by",
        "by",
        "candidates",
        "considered",
        "engineer_email",
        "engineer_language",
        "instead_of",
        "reason",
        "rule",
        "senior",
    },
}
# What parts of them have: all of that is seen.
PARTS = {
    Contact: {"name", "sub", "email", "phone", "language", "address"},
    Question: {"field", "en", "zh"},
    UnfitAnswer: {"field", "said", "en", "zh"},
    Problem: {
        *("title", "description", "product", "product_version", "module", "environment", "steps", "error_text"),
        *("users_affected", "business_blocked", "custom_fields"),
    },
}
TIMELINE = {**OWN_KINDS, **FOLLOWING_KINDS, **WORK_KINDS}


def facts(node: nodes.Node, loops: dict[str, str]) -> Iterator[str]:
    """`event.text`, `event.questions[]` for each of a list, wherever the template uses them."""
    if isinstance(node, nodes.For) and isinstance(node.target, nodes.Name):
        [of] = facts(node.iter, loops)
        yield of
        loops = {**loops, node.target.name: f"{of}[]"}
        for part in (*node.body, *node.else_):
            yield from facts(part, loops)
    elif isinstance(node, nodes.Getattr) and (path := path_of(node, loops)):
        yield path
    elif isinstance(node, nodes.Name):
        yield from [loops[node.name]] if node.name in loops else []
        assert node.name not in OBJECTS, f"{node.name} as a whole"
    else:
        for child in node.iter_child_nodes():
            yield from facts(child, loops)


def path_of(node: nodes.Node, loops: dict[str, str]) -> str:
    if isinstance(node, nodes.Getattr):
        return f"{of}.{node.attr}" if (of := path_of(node.node, loops)) else ""
    if isinstance(node, nodes.Name):
        return loops.get(node.name, node.name if node.name in OBJECTS else "")
    return ""


def told_outside() -> set[str]:
    named = {rule.template for rules in RULES.values() for rule in rules if rule.to in NAMED}
    outside = (Recipient.CUSTOMER, Recipient.WATCHERS)
    return named | {rule.template for rules in RULES.values() for rule in rules if rule.to in outside}


def test_every_text_that_goes_outside_is_listed() -> None:
    assert told_outside() == set(TOLD)
    assert set(CUSTOMER_TEMPLATES) <= set(TOLD)


@pytest.mark.parametrize("name", sorted(TOLD))
def test_a_text_says_outside_what_is_listed_in_each_of_its_branches(name: str) -> None:
    for said in TEMPLATES[name].values():
        assert {one for part in said for one in facts(SYNTAX.parse(part), {})} == TOLD[name]


def test_whoever_closes_a_ticket_as_a_duplicate_tells_its_customer_nothing_of_the_other() -> None:
    """The reason of a merge is for staff, and may be about somebody else's ticket."""
    found, about = audience(), "与 TK-2026-000099（华南集团）是同一故障"
    known: dict[str, Any] = {"subject": TICKET, "time": NOON, "problem": PROBLEM, "customer": "c-1", "opened_at": NOON}
    closed = TicketCompleted(**known, outcome=Outcome.DUPLICATE, reason=about, duplicate_of="TK-2026-000099")
    other = TicketCompleted(**known, outcome=Outcome.WRONG_DESK, reason="请联系设备厂商")
    undone = TicketReopened(subject=TICKET, time=NOON, reason=about, round=1, undone=True)
    reopened = TicketReopened(subject=TICKET, time=NOON, reason="又出现了", round=2)
    for event, said in ((closed, ""), (other, "请联系设备厂商"), (undone, ""), (reopened, "又出现了")):
        told = [one for one in PLANNER.plan(event, found, NOON, {}) if one.recipient in (WANG.sub, VIEWER.sub)]
        words = "\n".join(content.text for one in told for content in one.words.values())
        assert told
        assert "华南" not in words
        assert "000099" not in words
        assert said in words
        assert "华南" not in body_of(event, Payload.FULL, "https://desk.test").decode()
    assert public_envelope(reopened)["data"]["reason"] == "又出现了"


@pytest.mark.parametrize("kind", CUSTOMER_FIELDS, ids=lambda one: one.kind)
def test_of_an_event_customers_see_what_is_listed(kind: type[Event]) -> None:
    wire = {field.alias or name for name, field in kind.model_fields.items()} - set(Event.model_fields)
    assert wire - CUSTOMER_FIELDS[kind] == KEPT.get(kind, set())
    assert wire >= CUSTOMER_FIELDS[kind]


@pytest.mark.parametrize("part", PARTS, ids=lambda one: one.__name__)
def test_of_its_parts_they_see_what_is_listed(part: type[Contact]) -> None:
    assert set(part.model_fields) == PARTS[part]


@pytest.mark.parametrize("kind", CUSTOMER_FIELDS, ids=lambda one: one.kind)
def test_what_is_streamed_to_customers_stands_on_the_timeline_that_they_read(kind: type[Event]) -> None:
    assert TIMELINE[kind].shown is not None


def test_what_agreements_and_stages_are_about_is_not_told_to_customers() -> None:
    event = opened(tier="gold", policy="POL-7", linked=["TK-2026-000099"])
    moved = TicketStageChanged.model_validate(
        {
            "subject": TICKET,
            "time": NOON,
            "from": Stage.DIAGNOSIS,
            "to": Stage.HANDLING,
            "status": Status.IN_PROGRESS,
            "why": "verification_failed",
        }
    )
    plan = TicketPlanAgreed(subject=TICKET, time=NOON, plan="每周回访", owner="e-liu")
    told = b"".join(body_of(one, Payload.FULL, "https://desk.test") for one in (event, moved, plan)).decode()
    assert [word for word in ("gold", "POL-7", "000099", "verification_failed") if word in told] == []
    assert all(word in told for word in (PROBLEM.title, Stage.HANDLING, "每周回访"))


def test_what_a_newer_release_says_in_parts_that_this_one_knows_is_told_nobody_outside() -> None:
    contact = Contact.model_validate({"name": WANG.name, "sub": WANG.sub, "remark": "难缠"})
    problem = Problem.model_validate({**PROBLEM.model_dump(), "score": "高风险", "custom_fields": {"site": "北京"}})
    event = opened(contact=contact, problem=problem, channel=Channel.ONLINE)
    amended = TicketAmended(subject=TICKET, time=NOON, problem=problem, changed=["module"], before={"module": "报表"})
    told = "".join(body_of(one, Payload.FULL, "https://desk.test").decode() for one in (event, amended))
    assert "难缠" in event.to_wire().decode()
    assert [word for word in ("难缠", "高风险") if word in told] == []
    assert told.count("北京") == 2
    assert all(word in told for word in (WANG.name, "报表"))
