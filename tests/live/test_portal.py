"""A customer at their pages, with nothing but a browser that keeps cookies: from the sign-in to the answer, through the
gateway and whichever replica."""

import re
from collections.abc import Mapping
from html import unescape

import httpx2
import pytest

from deploy.local.stack import Stack
from tests.live.desk import Desk

pytestmark = [pytest.mark.live, pytest.mark.timeout(180)]
FORM = re.compile(r'<form method="post" action="([^"]+)".*?</form>', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


async def submit(browser: httpx2.AsyncClient, page: httpx2.Response, action: str, **fields: str) -> httpx2.Response:
    """Send the page's form whose address ends so, as a browser does."""
    form = next(one for one in FORM.finditer(page.text) if one[1].endswith(action))
    sent: Mapping[str, str] = dict(HIDDEN.findall(form[0])) | fields
    parts = [(name, (None, value.encode())) for name, value in sent.items()]
    return await browser.post(str(page.url.join(unescape(form[1]))), files=parts, headers={"origin": origin(page)})


def origin(page: httpx2.Response) -> str:
    return f"{page.url.scheme}://{page.url.netloc.decode()}"


async def test_a_customer_signs_in_opens_a_ticket_and_reads_the_answer(stack: Stack, desk: Desk) -> None:
    browser = httpx2.AsyncClient(follow_redirects=True, trust_env=False, headers={"accept-language": "zh-CN"})
    async with browser:
        asked = await browser.get(f"{stack.url}/portal/new")
        as_wang = next(unescape(link) for link in re.findall(r'href="(\?[^"]*)"', asked.text) if "as=u-wang" in link)
        form = await browser.get(str(asked.url.join(as_wang)))
        assert form.url.path == "/portal/new"
        said = {"title": "导出报表时报错", "description": "点导出后没有反应，版本 V3.2"}
        second = await submit(browser, form, "/portal/new", **said, step="check")
        opened = await submit(browser, second, "/portal/new", **said, step="send")
        assert opened.status_code == 200
        number = opened.url.path.removeprefix("/portal/tickets/")

        ticket = await desk.do("agent", "GET", f"v1/tickets/{number}")
        assert (ticket["problem"]["title"], ticket["contact"]["name"]) == ("导出报表时报错", "王芳")
        await desk.do("agent", "POST", f"v1/tickets/{number}/messages", {"text": "请先用模板二导出"})
        page = await browser.get(f"{stack.url}/portal/tickets/{number}")
        assert "请先用模板二导出" in page.text
        answered = await submit(browser, page, f"/{number}/messages", text="可以了，谢谢")
        assert "可以了，谢谢" in answered.text
        assert number in (await browser.get(f"{stack.url}/portal")).text
        page = await browser.get(f"{stack.url}/portal/tickets/{number}")
        await submit(browser, page, "/portal/sign-out")
        assert "as=u-wang" in (await browser.get(f"{stack.url}/portal/tickets/{number}")).text
    assert not desk.failures
