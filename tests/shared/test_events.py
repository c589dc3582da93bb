"""The wire format is a promise: every event survives it, some are pinned letter by letter."""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from pydantic import AwareDatetime, BaseModel

from deploy.contracts.released import WITHDRAWN
from shared.events import (
    BY_TYPE,
    ENVELOPE,
    EVENTS,
    MAKER,
    Contact,
    Event,
    Malformed,
    Problem,
    SlaBreached,
    SlaDeadlineMoved,
    TicketLinked,
    TicketOpened,
    UnknownType,
    as_dict,
    wire_time,
)
from shared.terms import Channel, ClockKind
from shared.testing import NOON


def sample(kind: Any) -> Any:
    """A value of this type, with everything filled that can be filled."""
    if get_origin(kind) in (UnionType, Union):
        return sample(next(part for part in get_args(kind) if part is not NoneType))
    if get_origin(kind) is list:
        return [sample(get_args(kind)[0])] * 2
    if get_origin(kind) is dict:
        return {"module": sample(get_args(kind)[1])}
    if get_origin(kind) is Annotated:
        return sample(get_args(kind)[0])
    if kind in (AwareDatetime, datetime):
        return NOON
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind(**{name: sample(field.annotation) for name, field in kind.model_fields.items()})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    return {str: '“报表” "打不开"\n\u2028', int: 3, float: 0.5, bool: True}[kind]


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.kind)
def test_every_event_survives_the_wire(kind: type[Event]) -> None:
    event = sample(kind)
    assert isinstance(event, kind)
    assert Event.from_wire(event.to_wire()) == event


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.kind)
def test_every_event_says_what_it_is_and_who_made_it(kind: type[Event]) -> None:
    envelope = as_dict(sample(kind))
    service = MAKER[kind.kind.partition(".")[0]]
    assert envelope["specversion"] == "1.0"
    assert (envelope["source"], envelope["type"]) == (f"/bihuan/{service}", f"bihuan.{kind.kind}.v1")
    assert not ENVELOPE & set(envelope["data"])


def test_every_kind_is_there_once_and_named_like_its_class() -> None:
    assert len({event.kind for event in EVENTS}) == len(EVENTS) == len(BY_TYPE)
    for event in EVENTS:
        assert event.__name__ == "".join(word.capitalize() for word in event.kind.replace(".", "_").split("_"))


OPENED = TicketOpened(
    id="e-1",
    subject="T-1",
    time=NOON,
    revision=1,
    actor="u-wang",
    cause="http:r-1",
    problem=Problem(title="报表打不开", description="Error 500", users_affected=3),
    customer="C-1",
    contact=Contact(name="王敏"),
    channel=Channel.ONLINE,
    taken_by="u-wang",
)


def test_ticket_opened_looks_like_this() -> None:
    assert as_dict(OPENED) == {
        "specversion": "1.0",
        "id": "e-1",
        "source": "/bihuan/intake",
        "type": "bihuan.ticket.opened.v1",
        "subject": "T-1",
        "time": "2026-03-02T04:00:00+00:00",
        "datacontenttype": "application/json",
        "dataschema": "urn:bihuan:event:ticket.opened:v1",
        "revision": 1,
        "actor": "u-wang",
        "cause": "http:r-1",
        "data": {
            "problem": {
                "title": "报表打不开",
                "description": "Error 500",
                "product": "",
                "product_version": "",
                "module": "",
                "environment": "",
                "steps": "",
                "error_text": "",
                "users_affected": 3,
                "business_blocked": None,
                "custom_fields": {},
            },
            "customer": "C-1",
            "customer_name": "",
            "company": "",
            "contact": {"name": "王敏", "sub": "", "email": "", "phone": "", "language": "zh", "address": ""},
            "contact_id": "",
            "company_id": "",
            "tier": "",
            "policy": "",
            "channel": "online",
            "taken_by": "u-wang",
            "missing": [],
            "linked": [],
            "links": [],
            "questions": [],
            "waiting_for": "none",
            "imported_from": "",
            "opened_at": None,
            "reply_to": "",
        },
    }


@pytest.mark.parametrize(
    ("event", "data"),
    [
        (
            SlaBreached(subject="T-1", time=NOON, clock=ClockKind.CALL_BACK, due_at=NOON),
            {
                "clock": "call_back",
                "due_at": "2026-03-02T04:00:00Z",
                "to": ["assignee", "lead"],
                "urgency": "normal",
            },
        ),
        (
            SlaDeadlineMoved(subject="T-1", time=NOON, clock=None, due_at=None, late=False),
            {"clock": None, "due_at": None, "late": False, "provisional": False},
        ),
        (TicketLinked(subject="T-1", time=NOON, to=["T-0"]), {"to": ["T-0"], "links": []}),
    ],
    ids=lambda value: value.kind if isinstance(value, Event) else "",
)
def test_the_data_of_an_event_looks_like_this(event: Event, data: dict[str, Any]) -> None:
    assert as_dict(event)["data"] == data


def test_fields_that_we_do_not_know_are_ignored() -> None:
    envelope = as_dict(OPENED)
    envelope |= {"colour": "red", "partitionkey": "7"}
    envelope["data"] |= {"mood": "bad"}
    assert Event.from_wire(json.dumps(envelope).encode()) == OPENED


def test_what_we_do_not_know_inside_a_value_is_kept_with_it() -> None:
    """The value may go into a document, which a newer release reads."""
    envelope = as_dict(OPENED)
    envelope["data"]["contact"]["shoe_size"] = 38
    contact = Event.from_wire(json.dumps(envelope).encode()).contact  # type: ignore[attr-defined]
    assert contact.model_dump() == {**OPENED.contact.model_dump(), "shoe_size": 38}


def test_fields_that_were_added_later_may_be_missing() -> None:
    envelope = as_dict(OPENED)
    for name in ("company", "missing"):
        del envelope["data"][name]
    assert Event.from_wire(json.dumps(envelope).encode()) == OPENED


def test_what_is_in_the_data_cannot_pass_for_the_envelope() -> None:
    envelope = as_dict(OPENED)
    envelope["data"] |= {"id": "another", "subject": "T-2", "actor": "admin"}
    assert Event.from_wire(json.dumps(envelope).encode()) == OPENED


def changed(**changes: Any) -> bytes:
    envelope = as_dict(OPENED) | changes
    return json.dumps({name: value for name, value in envelope.items() if value is not ...}).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b"[]",
        b"null",
        b"[" * 200_000,
        b'{"specversion": "1.0"}',
        changed(specversion="0.3"),
        changed(specversion=...),
        changed(id=...),
        changed(id=""),
        changed(id=7),
        changed(subject=...),
        changed(time=...),
        changed(time="2026-03-02T04:00:00"),
        changed(type=...),
        changed(type=["bihuan.ticket.opened.v1"]),
        changed(type="org.example.ticket.opened.v1"),
        changed(time="0001-01-01T00:00:00Z"),
        changed(time="9999-12-31T23:59:59-12:00"),
        changed(revision=-1),
        changed(data=...),
        changed(data="text"),
        changed(data={}),
        changed(data={**as_dict(OPENED)["data"], "channel": ""}),
    ],
)
def test_what_is_no_event_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        Event.from_wire(body)


def moments(node: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Where each moment stands in it: how it is reached, what it is in, and under which key."""
    entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in entries:
        if isinstance(value, str) and value.startswith(f"{NOON:%Y-%m-%dT%H:%M}"):
            yield f"{path}.{key}", node, key
        else:
            yield from moments(value, f"{path}.{key}")


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.kind)
def test_no_moment_of_an_event_is_one_that_nothing_can_reckon_with(kind: type[Event]) -> None:
    envelope = as_dict(sample(kind))
    taken = []
    for path, node, key in moments(envelope):
        for far in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00"):
            was, node[key] = node[key], far
            with suppress(Malformed):
                Event.from_wire(json.dumps(envelope).encode())
                taken.append(path)
            node[key] = was
    assert taken == []


def test_what_is_wrong_with_an_event_is_told_without_what_it_says() -> None:
    body = changed(data={**as_dict(OPENED)["data"], "taken_by": {"password": "hunter2"}})
    with pytest.raises(Malformed) as told:
        Event.from_wire(body)
    assert "taken_by" in str(told.value)
    assert "hunter2" not in str(told.value)


@pytest.mark.parametrize("name", ["bihuan.ticket.opened.v2", "bihuan.ticket.vanished.v1", "bihuan.moon.risen.v1"])
def test_a_type_of_a_newer_version_is_none_of_ours_but_no_rubbish(name: str) -> None:
    with pytest.raises(UnknownType):
        Event.from_wire(changed(type=name))


def test_values_of_open_sets_that_only_a_newer_version_knows_are_taken_as_they_are() -> None:
    event = Event.from_wire(changed(data={**as_dict(OPENED)["data"], "channel": "pigeon", "waiting_for": "rain"}))
    assert isinstance(event, TicketOpened)
    assert (event.channel, event.channel.label.zh, event.channel.is_known) == ("pigeon", "pigeon", False)
    assert Event.from_wire(event.to_wire()) == event


RECORDED = (Path(__file__).parents[1] / "data" / "events-0.1.jsonl").read_bytes().splitlines()


@pytest.mark.parametrize("line", RECORDED, ids=lambda line: json.loads(line)["type"])
def test_events_of_the_last_version_are_still_understood(line: bytes) -> None:
    recorded = json.loads(line)
    if recorded["type"].split(".", 1)[1].rpartition(".v")[0] in WITHDRAWN:
        with pytest.raises(UnknownType):
            Event.from_wire(line)
        return
    event = Event.from_wire(line)
    assert (event.id, event.subject, event.actor) == (recorded["id"], recorded["subject"], recorded["actor"])


def test_times_are_cut_to_what_the_store_keeps() -> None:
    assert wire_time(datetime(2026, 3, 2, 4, 0, 0, 123_999, UTC)) == datetime(2026, 3, 2, 4, 0, 0, 123_000, UTC)


def test_two_events_are_never_the_same_fact_by_chance() -> None:
    ids = {TicketLinked(subject="T-1", time=NOON, to=[]).id for _ in range(1000)}
    assert len(ids) == 1000
