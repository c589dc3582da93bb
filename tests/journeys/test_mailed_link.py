"""The customer says no and yes by the links that they are sent, each good for its own round (P4.2)."""

import re

from shared.testing import WANG, World
from tests.journeys.desk import COMPLETE, Desk

LINK = re.compile(r"http://desk\.test(/links/[\w.-]+)")


async def test_the_links_of_a_round_end_with_it(desk: Desk, world: World) -> None:
    number = await desk.open(COMPLETE)
    await desk.claim(number)
    await desk.solve(number, "分批导出")
    yes, no = await links(desk)
    async with world.as_(None, "intake") as nobody:
        assert (await nobody.post(no, data={"comment": "12 万行仍然崩溃"})).status_code == 200
        await world.settle()
        await world.pass_time(minutes=1)
        await desk.solve(number, "安装补丁 V3.2.1")
        assert (await nobody.post(yes, data={})).status_code == 410
        newer, _ = await links(desk)
        assert "V3.2.1" in (await nobody.get(newer)).text
        assert (await nobody.post(newer, data={})).status_code == 200
    await world.settle()
    ticket = await desk.ticket(number)
    assert (ticket["stage"], [one["accepted"] for one in ticket["rounds"]]) == ("feedback", [False, True])


async def links(desk: Desk) -> list[str]:
    """Of the newest question, yes and no."""
    told = (await desk.do(WANG, "GET", "notify", "/v1/notifications"))["items"]
    asked = next(one for one in told if one["template"] == "please_verify")
    return LINK.findall(asked["text"])


async def test_a_link_is_looked_at_by_mail_programs_in_their_own_ways(desk: Desk, world: World) -> None:
    """They ask for the head first, and add words of their own to the address."""
    number = await desk.open(COMPLETE)
    await desk.claim(number)
    await desk.solve(number, "分批导出")
    yes, _ = await links(desk)
    async with world.as_(None, "intake") as nobody:
        head, page = await nobody.head(yes), await nobody.get(f"{yes}?utm_source=mail&fbclid=1")
    assert (head.status_code, head.content, page.status_code) == (200, b"", 200)
    assert head.headers["content-type"] == page.headers["content-type"] == "text/html; charset=utf-8"
