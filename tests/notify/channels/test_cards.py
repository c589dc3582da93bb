"""The card by which a member of WeCom picks the usual answers of guided questions."""

import pytest
from fastapi import Response
from fastapi.responses import JSONResponse

from services.notify.deliveries.domain import DeliveryState
from shared.events import Question
from shared.terms import Channel
from shared.testing import World
from shared.usual_answers import USUAL_ANSWERS
from tests.notify.channels.platforms import Platforms
from tests.notify.channels.samples import wrote
from tests.notify.conftest import deliveries_to, sent
from tests.notify.samples import ASKED, TICKET

QUESTIONS = [Question(field=name, en=name, zh=name) for name in ("error_text", "module", "steps", "environment")]


async def test_questions_with_usual_answers_come_with_a_card(desk: World, platforms: Platforms) -> None:
    await desk.publish(wrote(Channel.WECOM, questions=QUESTIONS))
    await sent(desk)
    [card], [delivery] = platforms.cards, await deliveries_to(desk)
    assert card["task_id"] == f"{TICKET}@{delivery.id}"
    assert [one["question_key"] for one in card["select_list"]] == ["error_text", "environment"]
    assert [one["option_list"][0] for one in card["select_list"]] == [{"id": "0", "text": "（请选择）"}] * 2
    assert {"id": "1", "text": "Windows 11"} in card["select_list"][1]["option_list"]
    assert card["submit_button"] == {"text": "提交", "key": "zh"}
    assert len(platforms.shown) == 1


@pytest.mark.parametrize("channel", [Channel.DINGTALK, Channel.FEISHU])
async def test_other_messengers_have_the_questions_as_text_alone(
    desk: World, platforms: Platforms, channel: Channel
) -> None:
    await desk.publish(wrote(channel, questions=QUESTIONS))
    await sent(desk)
    assert (len(platforms.shown), platforms.cards) == (1, [])


async def test_questions_without_usual_answers_come_without(desk: World, platforms: Platforms) -> None:
    await desk.publish(wrote(Channel.WECOM))
    await desk.publish(ASKED.model_copy(update={"questions": QUESTIONS[1:3]}))
    await sent(desk)
    assert (len(platforms.shown), platforms.cards) == (2, [])


async def test_a_card_that_is_refused_is_no_failure(desk: World, platforms: Platforms) -> None:
    platforms.says = [None, JSONResponse({"errcode": 40058, "errmsg": "invalid card"})]
    await desk.publish(wrote(Channel.WECOM, questions=QUESTIONS))
    await sent(desk)
    assert (len(platforms.shown), platforms.cards) == (1, [])
    assert [one.state for one in await deliveries_to(desk)] == [DeliveryState.SENT]


async def test_a_card_that_is_not_taken_now_is_sent_later_and_the_text_is_not(
    desk: World, platforms: Platforms
) -> None:
    platforms.says = [None, Response(status_code=502)]
    await desk.publish(wrote(Channel.WECOM, questions=QUESTIONS))
    for seconds in (0, 10):
        await desk.pass_time(seconds=seconds)
        await sent(desk)
    assert (len(platforms.shown), len(platforms.cards), len(platforms.bodies)) == (1, 1, 3)


@pytest.mark.parametrize("field", USUAL_ANSWERS)
def test_usual_answers_fit_onto_a_card(field: str) -> None:
    usual = USUAL_ANSWERS[field]
    assert 1 <= len(usual.answers) <= 9
    assert len({one.zh for one in usual.answers}) == len({one.en for one in usual.answers}) == len(usual.answers)
