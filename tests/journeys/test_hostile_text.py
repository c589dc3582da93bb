"""Texts that once stopped the desk for seconds are requests like others. That they take no longer than others of their
length: tests/hostile."""

import pytest

from shared.stack_traces import LIMIT
from shared.testing import CHEN
from tests.hostile.texts import TEXTS
from tests.journeys.desk import CRASH, Desk

FRAME = "." * 333 + "(" * 333 + ")" * 333 + "x\n"
DESCRIPTIONS = {
    "dots": "." * 19_990,
    "a": "a" * 20_000,
    "错": "错" * 20_000,
    "line breaks": "x" + "\n" * 19_998 + "x",
    "frames": "panic: x\n" + FRAME * 9,
    "U+FDFA": "\ufdfa" * 20_000,
    "hexadecimal": "9f3a" * 5_000,
    "base64": TEXTS[-2](20_000),
    "Chinese": TEXTS[-1](20_000),
    "marks": "a" + "\u0315\u0300" * 9_999,
}


@pytest.mark.parametrize("kind", DESCRIPTIONS)
async def test_it_is_taken_and_diagnosed(desk: Desk, kind: str) -> None:
    text = DESCRIPTIONS[kind].strip()
    number = await desk.open({**CRASH, "description": text})
    assert (await desk.ticket(number))["problem"]["description"] == text
    assert (await desk.work(number))["category"] == "function"


async def test_a_log_of_them_holds_no_trace(desk: Desk) -> None:
    number = await desk.open(CRASH)
    await desk.claim(number)
    log = "panic: x\n" + FRAME * (LIMIT // len(FRAME) - 1)
    analysis = await desk.do(CHEN, "POST", "triage", f"/v1/tickets/{number}/work/log-analyses", {"text": log})
    assert analysis["traces"] == []
