"""Clocks that explain themselves: by word, shape and colour, by the desk's clock, with a ledger that sums."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.console.screen import Language, Screens
from tests.console.tickets import open_ticket
from tests.live.desk import Desk

pytestmark = [pytest.mark.console, pytest.mark.timeout(240)]
RUNNING: dict[str, Any] = {"state": "running", "verdict": "running", "target_seconds": 7200}
STOPPED: dict[str, Any] = {"state": "stopped", "target_seconds": 7200}
# What the desk tells, seconds until it is due, and what people see of it.
CASES: dict[str, tuple[dict[str, Any], int | None, str, str, str, str]] = {
    "in time": (RUNNING, 7200, "running", "○", "剩余 2 小时 00 分", "2 h 00 min left"),
    "at risk": (RUNNING, 3599, "risk", "◐", "仅剩 59 分钟", "59 min left"),
    "in its last second": (RUNNING, 1, "risk", "◐", "仅剩 1 秒", "1 s left"),
    "overdue": (RUNNING, -725, "breached", "◆", "已超时 12 分钟", "12 min overdue"),
    "over a weekend": (RUNNING, 3 * 86_400 + 7200, "running", "○", "剩余 3 天 2 小时", "3 d 2 h left"),
    "paused": ({**RUNNING, "state": "paused"}, None, "paused", "‖", "已暂停", "paused"),
    "provisional": ({**RUNNING, "provisional": True}, 7200, "running", "○", "剩余 2 小时 00 分", "2 h 00 min left"),
    "met": ({**STOPPED, "verdict": "met", "remaining_seconds": 60}, None, "met", "✓", "已达成", "met"),
    "met late": (
        {**STOPPED, "verdict": "breached", "remaining_seconds": -725},
        None,
        "met_late",
        "✓◆",
        "超时达成",
        "met late",
    ),
    "excluded": ({**STOPPED, "verdict": "excluded"}, None, "ended", "–", "已结束", "ended"),
    "no policy": ({**RUNNING, "target_seconds": None}, None, "none", "–", "无时限", "no target"),
    "overdue by days": (RUNNING, -200_000, "breached", "◆", "已超时 2 天 7 小时", "2 d 7 h overdue"),
}
STALE = {"zh-CN": "2 小时 00 分，可能已过时", "en-GB": "2 h 00 min, may be out of date"}
MET = {"zh-CN": "已达成", "en-GB": "met"}
HOUR = timedelta(hours=1)


async def stopped_at(screens: Screens, ticket: str, language: Language, wrong_by: timedelta) -> Page:
    """In which it stays the moment at which it was opened; its browser's own clock is wrong by so much."""
    context = await screens.context(language)
    told: list[str] = []

    async def session(route: Route) -> None:
        answer = await route.fetch()
        if answer.status == 200:
            told.append((await answer.json())["now"])
            await context.clock.set_fixed_time(datetime.fromisoformat(told[-1]) + wrong_by)
        await route.fulfill(response=answer)

    async def clocks(route: Route) -> None:
        answer = await route.fetch()
        whole = await answer.json()
        whole["clocks"] = [one | more(what, told[-1]) for one in whole["clocks"][:1] for what in CASES]
        await route.fulfill(response=answer, body=json.dumps(whole))

    await context.route("**/console/session", session)
    await context.route("**/v1/tickets/*/clocks", clocks)
    page = await context.new_page()
    await page.goto(f"{screens.url}/console/tickets/{ticket}")
    await page.locator('a[href*="as=a-lin"]').click()
    await expect(page.locator("[data-clock] .chip")).to_have_count(len(CASES))
    await expect(page.locator(".light")).to_have_attribute("data-light", "live")
    return page


def more(what: str, now: str) -> dict[str, Any]:
    told, left, *_ = CASES[what]
    due = datetime.fromisoformat(now) + timedelta(seconds=left) if left is not None else None
    known = {"provisional": False, "remaining_seconds": left, **told}
    return {"clock": what, "label": what, "due_at": due and due.isoformat(), **known}


@pytest.mark.parametrize("wrong_by", [timedelta(0), HOUR], ids=["right", "wrong"])
@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
async def test_each_clock_says_in_word_and_shape_how_it_stands(
    desk: Desk, screens: Screens, language: Language, wrong_by: timedelta
) -> None:
    ticket = await open_ticket(desk, f"时限测试 {language} {wrong_by}")
    page = await stopped_at(screens, ticket, language, wrong_by)
    for what, (_, _, look, shape, zh, en) in CASES.items():
        chip = page.locator(f'[data-clock="{what}"] .chip')
        await expect(chip).to_have_attribute("data-look", look)
        await expect(chip.locator("span").first).to_have_text(shape)
        await expect(chip).to_have_attribute("aria-label", f"{what}: {zh if language == 'zh-CN' else en}")
    await page.route("**/v1/events*", lambda route: route.abort())
    await page.reload()  # nobody tells of changes any more: what runs may have been stopped
    for what, look, words in (("in time", "stale", STALE[language]), ("met", "met", MET[language])):
        chip = page.locator(f'[data-clock="{what}"] .chip')
        await expect(chip).to_have_attribute("data-look", look)
        await expect(chip).to_have_attribute("aria-label", f"{what}: {words}")
    screens.forgive("net::ERR_FAILED")


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
async def test_its_ledger_is_what_it_counted_to_the_second(desk: Desk, screens: Screens, language: Language) -> None:
    ticket = await open_ticket(desk, f"计时明细测试 {language}")
    await desk.do("a-lin", "POST", f"v1/tickets/{ticket}/messages", {"text": "已收到"})
    page = await screens.open("a-lin", f"/tickets/{ticket}", language)
    met = page.locator("[data-clock=response] .chip")
    await expect(met).to_have_attribute("data-look", "met")
    await page.locator("[data-clock=response] button").click()
    ledger = page.get_by_role("dialog").locator("table:has([data-sum])")
    *parts, total = await ledger.evaluate(
        "one => [...one.querySelectorAll('[data-seconds], [data-sum]')]"
        ".map(({dataset}) => Number(dataset.seconds ?? dataset.sum))"
    )
    assert len(parts) >= 1
    assert abs(sum(parts) - total) < 1
