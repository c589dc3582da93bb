"""Files on the page of a ticket: small pictures, and what archives say is in them; and what a form needs."""

import io
import re
import zipfile

from shared.testing import WANG, ZHAO, World
from tests.intake.attachments.test_looking_in import picture
from tests.intake.forms.scene import FIELDS, declared
from tests.intake.portal.browser import browser, post, words_of
from tests.intake.scene import CRASH, opened

PICTURE = picture("PNG", 60, 40)


def archive() -> bytes:
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w") as packed:
        packed.writestr("logs/<b>app</b>.log", "x" * 2_048)
    return found.getvalue()


async def test_pictures_are_shown_small_and_archives_are_listed(world: World) -> None:
    number = (await opened(world))["ticket"]
    async with world.as_(WANG, "intake") as api:
        for name, content in (("屏幕.png", PICTURE), ("logs.zip", archive()), ("a.log", b"ERROR")):
            added = await api.post(f"/v1/tickets/{number}/attachments", files={"file": (name, content)})
            assert added.status_code == 201
    async with browser(world, WANG) as wang:
        page = await wang.get(f"/portal/tickets/{number}")
        [small] = re.findall(r'<img class="thumb" src="([^"]+)" alt="屏幕.png 的预览"', page.text)
        [listing] = re.findall(r'<a href="([^"]+/entries)"', page.text)
        assert "img-src data: 'self'" in page.headers["content-security-policy"]
        image = await wang.get(small)
        assert (image.status_code, image.headers["content-type"]) == (200, "image/webp")
        listed = await wang.get(listing)
        assert "logs/<b>app</b>.log 2 KB" in words_of(listed).replace("2.0", "2")
        assert "<b>app" not in listed.text
        [log] = [
            one for one in re.findall(r'attachments/([0-9a-f]+)" download>([^<]+)', page.text) if one[1] == "a.log"
        ]
        for what in ("thumbnail", "entries"):
            missing = await wang.get(f"/portal/tickets/{number}/attachments/{log[0]}/{what}")
            assert missing.status_code == 404
            assert "text/html" in missing.headers["content-type"]
    async with browser(world, ZHAO) as zhao:
        assert [(await zhao.get(path)).status_code for path in (small, listing)] == [404, 404]


async def test_what_is_needed_is_marked_in_words_and_for_screen_readers(world: World) -> None:
    await declared(world, [*FIELDS, {"key": "steps", "kind": "textarea", "required": "malfunction"}])
    async with browser(world, WANG) as wang:
        first = await wang.get("/portal/new")
        second = await post(wang, "/portal/new", step="check", **CRASH)
        chosen = await post(wang, "/portal/new", step="check", **CRASH, field_database="oracle")
        asking = await post(wang, "/portal/new", step="check", title="怎么导出 PDF？", description="请问在哪里")
    assert needed(first.text) == {"title", "description"}
    assert needed(second.text) == {"title", "description", "module", "field_database", "field_serial", "steps"}
    assert needed(chosen.text) == {*needed(second.text), "field_charset"}
    assert needed(asking.text) == needed(second.text) - {"steps"}
    assert "标题 （必填）" in words_of(second)
    assert "序列号 （需要填写；留空时我们会再询问）" in words_of(second)


def needed(page: str) -> set[str]:
    return {re.findall(r'name="(\w+)"', one)[0] for one in re.findall(r"<(?:input|textarea|select)[^>]*>", page)
            if 'aria-required="true"' in one}  # fmt: skip
