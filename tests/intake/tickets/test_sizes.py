"""Sizes in bytes: what a person sends is taken or refused, what others tell is kept, and everything can be sent."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bson import encode

from services.intake.consents import domain as consents
from services.intake.conversation import domain as conversation
from services.intake.tickets import closing, facts, sizes
from services.intake.tickets.domain import MAX_ROUNDS, LimitReached, Ticket
from services.intake.tickets.values import Consent, PhoneVerification
from services.intake.verification import domain as verification
from services.intake.verification import phone
from shared.domain import Origin
from shared.events import Event, TicketCompleted, TicketQuestionsAnswered, TriageLogAnalysed
from shared.store import DOCUMENT_BYTES, EVENT_BYTES
from shared.terms import Channel, Satisfaction, Stage
from shared.testing import NOON, WANG, World
from tests.intake.samples import NUMBER, at, verified
from tests.intake.samples import WANG as AUTHOR
from tests.intake.scene import completed as closed_ticket
from tests.intake.scene import opened

EMOJI, CHINESE = "😀" * 20_000, "错" * 20_000
HARD_LIMIT = 16_000_000


def completed(events: list[Event]) -> TicketCompleted:
    [found] = [event for event in events if isinstance(event, TicketCompleted)]
    return found


def until_full(more: Callable[[], object]) -> int:
    """How often it can be done."""
    times = 0
    while True:
        try:
            more()
        except LimitReached:
            return times
        times += 1


def agree(ticket: Ticket) -> None:
    id = f"c{len(ticket.consents)}"
    consents.give(ticket, Consent(id=id, scope="x", given_by="x", recorded_by="x", words=EMOJI, at=NOON), NOON)


def call(ticket: Ticket) -> None:
    who = {"given_by": "x", "number": "110", "recorded_by": "x", "called_at": NOON, "recorded_at": NOON}
    id = f"p{len(ticket.phone_verifications)}"
    phone.record(ticket, PhoneVerification(id=id, round=1, accepted=True, words=EMOJI, **who))


def say(ticket: Ticket, text: str = EMOJI) -> None:
    conversation.post(ticket, text, AUTHOR, False, Channel.ONLINE, NOON)


def full_round(ticket: Ticket, text: str, revision: int) -> None:
    event = verified(ticket.round, revision)
    whole = {"solution": text, "root_cause": text, "steps": text, "result": text}
    facts.hear(ticket, event.model_copy(update=whole))


@pytest.mark.parametrize("text", [EMOJI, CHINESE, '"' * 20_000])
def test_a_completed_ticket_after_full_rounds_can_be_sent(text: str) -> None:
    ticket = at(Stage.HANDLING)
    ticket.problem = ticket.problem.model_copy(update={"description": text, "steps": text, "error_text": text})
    for n in range(6):
        full_round(ticket, text, 10 + n)
        verification.review_solution(ticket, n == 5, text, NOON)
    event = completed(closing.rate(ticket, Satisfaction.SATISFIED, text, NOON))
    assert len(event.to_wire()) <= sizes.COMPLETED_BYTES < EVENT_BYTES
    assert event.shortened
    assert event.rounds[-1].solution.endswith(sizes.TRUNCATED_IN_EVENT)
    assert ticket.rounds[-1].solution == text
    assert [one.round for one in event.rounds] == [1, 2, 3, 4, 5, 6]


def test_an_ordinary_completed_ticket_is_told_as_it_is() -> None:
    ticket = at(Stage.FEEDBACK)
    event = completed(closing.rate(ticket, Satisfaction.SATISFIED, "好", NOON))
    assert (event.shortened, event.rounds, event.problem) == (False, ticket.rounds, ticket.problem)


def test_all_rounds_stay_on_record_and_find_room() -> None:
    ticket = at(Stage.HANDLING)
    for n in range(40):
        full_round(ticket, EMOJI, 10 + n)
        verification.review_solution(ticket, False, EMOJI, NOON)
    full_round(ticket, EMOJI, 100)
    assert [one.round for one in ticket.rounds] == list(range(1, 42))
    assert len(encode({"rounds": [one.model_dump() for one in ticket.rounds]})) < 2 * sizes.ROUNDS_BYTES
    assert ticket.rounds[0].solution.endswith(sizes.TRUNCATED)
    assert ticket.rounds[-1].solution == EMOJI


def test_rounds_have_an_end() -> None:
    ticket = at(Stage.CUSTOMER_VERIFICATION)
    ticket.round = MAX_ROUNDS
    ticket.rounds = [ticket.rounds[0].model_copy(update={"round": MAX_ROUNDS})]
    with pytest.raises(LimitReached):
        verification.review_solution(ticket, False, "仍然崩溃", NOON)
    verification.review_solution(ticket, True, "", NOON)
    closing.complete(ticket, NOON)
    with pytest.raises(LimitReached):
        closing.reopen(ticket, "又崩溃", NOON)


def test_consents_and_calls_are_bounded_in_bytes() -> None:
    ticket = at(Stage.CUSTOMER_VERIFICATION)
    assert until_full(lambda: agree(ticket)) == until_full(lambda: call(ticket)) == 12
    assert sizes.total_size(ticket.consents) <= sizes.CONSENTS_BYTES
    assert sizes.total_size(ticket.phone_verifications) <= sizes.CALLS_BYTES


def test_a_conversation_has_an_end_in_number_too() -> None:
    ticket = at(Stage.HANDLING)
    assert until_full(lambda: say(ticket, "?")) == conversation.MAX_MESSAGES


def test_fingerprints_are_bounded_and_the_same_ones_whichever_came_first() -> None:
    logs = [
        TriageLogAnalysed(
            subject=NUMBER, time=NOON, analysis=f"l{n}", fingerprints=[f"{n * 7919 % 1000:03}"], exceptions=[]
        )
        for n in range(500)
    ]
    kept = []
    for order in (logs, logs[::-1]):
        ticket = at(Stage.HANDLING)
        for log in order:
            facts.hear(ticket, log)
        kept.append(ticket.fingerprints)
    assert kept[0] == kept[1]
    assert len(kept[0]) == facts.MAX_FINGERPRINTS


def test_a_ticket_that_is_full_of_everything_fits_into_its_document() -> None:
    ticket = at(Stage.HANDLING)
    ticket.problem = ticket.problem.model_copy(update={"description": EMOJI, "steps": EMOJI, "error_text": EMOJI})
    assert until_full(lambda: say(ticket)) == 99
    assert until_full(lambda: agree(ticket)) == 12
    for n in range(30):
        full_round(ticket, EMOJI, 10 + n)
        verification.review_solution(ticket, True, EMOJI, NOON)
        closing.rate(ticket, Satisfaction.DISSATISFIED, EMOJI, NOON)
        closing.record_call_back(ticket, EMOJI[:200], EMOJI, "a-lin", NOON)
        closing.agree_second_plan(ticket, EMOJI, "a-lin", NOON)
        closing.carry_out_second_plan(ticket, EMOJI, NOON)
        closing.complete(ticket, NOON)
        closing.reopen(ticket, EMOJI, NOON)
    assert len(encode(ticket.model_dump())) < HARD_LIMIT - 2_000_000
    assert [one.round for one in ticket.earlier] == list(range(11, 31))
    assert ticket.earlier[-1].second_plan == EMOJI


# ---- over HTTP


async def size_of_ticket(world: World, number: str) -> int:
    return len(encode(await world.runtimes["intake"].database["ticket"].find_one({"_id": number})))


async def test_messages_are_refused_before_the_document_is_full_and_nothing_is_lost(world: World) -> None:
    number = (await opened(world))["ticket"]
    store, filled = world.apps["intake"].state.service.tickets.store, 96

    def fill(ticket: Ticket) -> list[Event]:
        for _ in range(filled):
            conversation.post(ticket, EMOJI, AUTHOR, False, Channel.ONLINE, NOON)
        return []

    await store.change(number, fill, Origin("u-wang"))
    statuses = []
    async with world.as_(WANG, "intake") as wang:
        for n in range(8):
            answer = await wang.post(f"/v1/tickets/{number}/messages", json={"text": f"{n:03}{EMOJI[3:]}"})
            statuses.append(answer.status_code)
        last = answer.json()
        ticket = (await wang.get(f"/v1/tickets/{number}")).json()
    assert (statuses[0], statuses[-1], last["type"]) == (201, 409, "urn:bihuan:problem:limit-reached")
    assert len(ticket["messages"]) == filled + statuses.count(201)
    assert await size_of_ticket(world, number) < DOCUMENT_BYTES


@pytest.mark.parametrize("sign", ["\u0001", "😀", "错", '"', "\n", "\u2028", "\x7f"])
async def test_five_answers_of_any_sign_are_taken_or_refused_and_can_be_sent(world: World, sign: str) -> None:
    """Two such requests ended the service once."""
    body = {"title": "系统崩溃", "description": "系统崩溃了"}
    async with world.as_(WANG, "intake") as wang:
        ticket = (await wang.post("/v1/tickets", json=body)).json()
        answers = {question["field"]: f"x{sign * 17_400}x" for question in ticket["questions"]}
        assert len(answers) == 5
        answer = await wang.post(f"/v1/tickets/{ticket['ticket']}/answers", json={"answers": answers})
        message = await wang.post(f"/v1/tickets/{ticket['ticket']}/messages", json={"text": "还在吗？"})
    assert answer.status_code in (200, 413), answer.text
    assert message.status_code == 201
    await world.settle()
    sent = [len(event.to_wire()) for event in world.published(TicketQuestionsAnswered)]
    assert len(sent) == (answer.status_code == 200)
    assert all(size <= EVENT_BYTES for size in sent)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a\x00b\x1bc\x7fd\x9fe", "abcde"),
        ("one\r\ntwo\rthree\n\tfour", "one\ntwo\nthree\n\tfour"),
        ("\x00 x \x01", "x"),
    ],
)
async def test_control_characters_are_left_out(world: World, sent: str, kept: str) -> None:
    ticket = await opened(world, title=sent, description=sent)
    assert ticket["problem"]["description"] == kept
    assert ticket["problem"]["title"] == kept.replace("\n\t", "  ").replace("\n", " ")


async def test_what_is_nothing_but_control_characters_is_nothing(world: World) -> None:
    async with world.as_(WANG, "intake") as wang:
        answer = await wang.post("/v1/tickets", json={"title": "x", "description": "\x01" * 20_000})
    assert (answer.status_code, [e["field"] for e in answer.json()["errors"]]) == (422, ["body.description"])


async def test_a_reopened_ticket_remembers_how_it_was_closed(world: World) -> None:
    number = await closed_ticket(world)
    world.time += timedelta(days=1)
    async with world.as_(WANG, "intake") as wang:
        ticket: dict[str, Any] = (await wang.post(f"/v1/tickets/{number}/reopening", json={"reason": "又崩溃"})).json()
    assert [(one["round"], one["satisfaction"]) for one in ticket["earlier"]] == [(1, "satisfied")]
