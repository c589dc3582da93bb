"""What becomes of events on a timeline: each kind has its sentence, in few bytes, in one order."""

import string
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.timeline.domain import ABOUT_NO_TICKET, KINDS, Entry, audience_of_customer
from services.intake.timeline.kinds import LABELS, Kind, excerpt
from services.intake.timeline.views import TimelineEntry
from shared.domain import Aggregate, Origin
from shared.events import (
    EVENTS,
    Event,
    Problem,
    SlaMet,
    TicketAmended,
    TicketMessagePosted,
    TicketResumed,
    TriageDiagnosed,
)
from shared.events.triage import Reason
from shared.mongo.documents import size_of
from shared.store.packing import latest, pack
from shared.terms import Category, Channel, ClockKind, Priority, WaitingFor
from shared.testing import NOON

TICKET = "TK-2026-000001"
ENTRY_BYTES = 45_000
HUGE = "长{kind}" * 5_000
VALUES: dict[str, Any] = {
    "time": NOON,
    "ticket": TICKET,
    "revision": 1,
    "id": "e1",
    "traceparent": "",
    "ordertime": None,
    "actor": "u" * 255,
    "cause": "c" * 200,
    "recipient": "r" * 255,
}


def sample(kind: type[Event], text: str = "x") -> Event:
    """With something in every field, as long as `text`."""
    return kind.model_construct(**{name: _value(kind, name, text) for name in kind.model_fields})


def _value(kind: type[Event], name: str, text: str) -> Any:
    if name in VALUES:
        return VALUES[name]
    if name == "subject":
        return TICKET
    if name == "problem":
        return Problem(title=text, description=text)
    if name == "changed":
        return ["title"] * 50
    if name == "before" and kind is TicketAmended:
        return {"title": text}
    if name == "answers":
        return {f"{text}{number}": text for number in range(50)}
    if name == "reasons":
        return [Reason(en=text, zh=text)] * 50
    annotation = kind.model_fields[name].annotation
    wanted = {annotation, *get_args(annotation)}
    if datetime in wanted:
        return NOON
    for type, value in ((bool, True), (int, 3), (float, 0.5)):
        if type in wanted:
            return value
    return [text] * 50 if "list" in str(annotation) else text


def test_every_kind_of_event_has_a_sentence_or_is_about_no_ticket() -> None:
    assert set(KINDS) | ABOUT_NO_TICKET == set(EVENTS)
    assert not set(KINDS) & ABOUT_NO_TICKET


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_its_sentence_is_in_both_languages_and_says_what_is_kept(kind: type[Event]) -> None:
    entry = Entry.of(sample(kind))
    assert entry.text.en
    assert any("\u4e00" <= letter <= "\u9fff" for letter in entry.text.zh)
    assert "{" not in entry.text.en + entry.text.zh
    about = KINDS[kind]
    fields = set(kind.model_fields)
    assert set(about.keep) <= fields
    assert set(about.shown or ()) <= {*fields, "changes"}
    assert not about.reason or about.reason in fields
    assert {name for name in _named(about, entry)} <= set(about.keep)


def _named(about: Kind, entry: Entry) -> list[str]:
    text = about.text(entry.details) if callable(about.text) else about.text
    both = [[name for _, name, _, _ in string.Formatter().parse(said) if name] for said in text]
    assert both[0] == both[1]
    return both[0]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_it_is_small_however_long_its_texts_are(kind: type[Event]) -> None:
    entry = Entry.of(sample(kind, HUGE))
    assert size_of({"_id": entry.id, **entry.model_dump(exclude={"id"})}) < ENTRY_BYTES
    assert len(entry.text.en.encode()) < 3_000


def test_what_stands_in_braces_stays_what_it_is() -> None:
    posted = sample(TicketMessagePosted, "{kind} {0.__class__} {details}")
    assert Entry.of(posted).details["text"] == "{kind} {0.__class__} {details}"
    assert Entry.of(sample(TicketAmended)).text.en.startswith("Ticket details changed: title")


def test_a_kind_that_only_a_newer_release_knows_is_shown_as_such() -> None:
    entry = Entry.of(sample(TicketResumed)).model_copy(update={"kind": "triage.teleported", "group": "magic"})
    shown = TimelineEntry.for_staff(entry, {}, [])
    assert (shown.kind, shown.group) == ("triage.teleported", "other")
    assert shown.text.en == "Event of a newer release: triage.teleported"
    assert shown.text.zh == "新版本的事件：triage.teleported"


def test_a_word_that_only_a_newer_release_knows_is_shown_as_it_is() -> None:
    met = SlaMet(
        subject=TICKET,
        time=NOON,
        clock=ClockKind.of("lunch"),
        elapsed_seconds=1,
        target_seconds=2,
        within_target=True,
    )
    assert Entry.of(met).text == ("SLA met: lunch", "按时完成：lunch")


def test_our_reasons_are_in_both_languages_and_a_persons_in_theirs() -> None:
    diagnosed = TriageDiagnosed(
        subject=TICKET,
        time=NOON,
        category=Category.DATA,
        priority=Priority.HIGH,
        queue="data",
        reasons=[Reason(en="a", zh="甲"), Reason(en="b", zh="乙")],
        confirmed=False,
    )
    entry = Entry.of(diagnosed)
    assert entry.reason
    assert (entry.reason.en, entry.reason.zh) == ("a; b", "甲；乙")
    assert entry.text == (
        "Diagnosed: data problem, high priority (to be confirmed)",
        "诊断结果：数据类问题，优先级高（待确认）",
    )


def test_of_an_older_amendment_nobody_knows_what_was_before() -> None:
    amended = TicketAmended(subject=TICKET, time=NOON, problem=Problem(title="b", description="b"), changed=["title"])
    [change] = Entry.of(amended).changes
    assert (change.before, change.after) == (None, "b")


def test_all_fields_of_a_problem_have_a_name_that_people_read() -> None:
    assert set(Problem.model_fields) <= set(LABELS)


@given(text=st.text(), limit=st.integers(3, 400))
def test_an_excerpt_is_no_longer_than_it_may_be(text: str, limit: int) -> None:
    found = excerpt(text, limit)
    assert len(found.encode()) <= limit
    assert text.encode(errors="replace").decode().startswith(found.removesuffix("…")) or found == text


def test_a_customer_without_an_address_is_not_everybody_without_one() -> None:
    assert audience_of_customer("", "") == ["everybody"]
    assert audience_of_customer("u", "a@b.example") == ["everybody", "to:u", "to:mailto:a@b.example"]


# ---- in any order the same

MAKERS: dict[str, Callable[[int], Event]] = {
    "intake": lambda number: TicketMessagePosted(
        subject=TICKET, time=NOON, message=f"m{number}", author="u", by_staff=False, internal=False, text=str(number)
    ),
    "triage": lambda number: TriageDiagnosed(
        subject=TICKET,
        time=NOON,
        category=Category.DATA,
        priority=Priority.HIGH,
        queue=str(number),
        reasons=[],
        confirmed=True,
    ),
    "sla": lambda number: TicketResumed(subject=TICKET, time=NOON, waited_for=WaitingFor.THIRD_PARTY),
}
# Of whom, how long after the change before, by how far its host's clock is wrong (ms), how many events at once.
changes = st.tuples(st.sampled_from(sorted(MAKERS)), st.integers(0, 2000), st.integers(-5000, 5000), st.integers(1, 2))


def told(history: list[tuple[str, int, int, int]]) -> dict[str, list[Event]]:
    """What each maker told, in the order of its changes, as its store packs them."""
    by_maker: dict[str, list[Event]] = {name: [] for name in MAKERS}
    last: dict[str, datetime | None] = dict.fromkeys(MAKERS)
    versions = dict.fromkeys(MAKERS, 0)
    now = NOON
    for maker, passed, skew, count in history:
        now += timedelta(milliseconds=passed)
        versions[maker] += 1
        at = now + timedelta(milliseconds=skew)
        events = [MAKERS[maker](number).model_copy(update={"time": at}) for number in range(count)]
        aggregate = Aggregate(id=TICKET, version=versions[maker])
        packed = pack(events, Origin.service(maker), aggregate, maker, last[maker])
        last[maker] = latest(events, last[maker])
        by_maker[maker] += [Event.from_wire(one.body) for one in packed]
    return by_maker


def heard(events: list[Event]) -> list[Entry]:
    """As the store keeps and shows them."""
    kept: dict[str, Entry] = {}
    for event in events:
        entry = Entry.of(event)
        kept.setdefault(entry.id, entry)
    return sorted(kept.values(), key=lambda one: (one.ordered_at, one.id))


@given(history=st.lists(changes, min_size=1, max_size=12), data=st.data())
def test_doubled_and_in_any_order_it_is_the_same(history: list[Any], data: st.DataObject) -> None:
    events = [event for one in told(history).values() for event in one]
    again = data.draw(st.lists(st.sampled_from(events), max_size=5))
    order = data.draw(st.permutations([*events, *again]))
    assert heard(order) == heard(events)
    assert len(heard(order)) == len(events)


@given(history=st.lists(changes, min_size=1, max_size=12))
def test_each_makers_facts_are_in_its_order_whatever_its_clocks_say(history: list[Any]) -> None:
    by_maker = told(history)
    found = heard([event for one in by_maker.values() for event in one])
    places = {entry.event: place for place, entry in enumerate(found)}
    for events in by_maker.values():
        revisions = [event.revision for event in sorted(events, key=lambda event: places[event.id])]
        assert revisions == sorted(revisions)


def test_what_was_told_at_once_is_in_the_order_of_the_process() -> None:
    kinds = list(KINDS)
    events = [sample(kind).model_copy(update={"id": f"{len(kinds) - rank:03d}"}) for rank, kind in enumerate(kinds)]
    assert [entry.kind for entry in heard(events)] == [kind.kind for kind in kinds]


def test_a_channel_of_a_newer_release_stays_readable() -> None:
    posted = MAKERS["intake"](1).model_copy(update={"channel": Channel.of("pigeon")})
    assert Entry.of(posted).text.en == "Customer message received (pigeon)"
