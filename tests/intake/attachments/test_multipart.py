"""Uploads that are not written as they should be."""

import pytest
from httpx2 import Response

from shared.testing import WANG, World

CRASH = {"title": "导出 Excel 崩溃", "description": "V3.2 点击导出后程序退出"}


def part(disposition: str, content: str = "line") -> str:
    return f"--edge\r\nContent-Disposition: form-data; {disposition}\r\n\r\n{content}\r\n"


async def upload(world: World, *parts: str, content_type: str = "multipart/form-data; boundary=edge") -> Response:
    async with world.as_(WANG, "intake") as wang:
        number = (await wang.post("/v1/tickets", json=CRASH)).json()["ticket"]
        body = "".join(parts) + "--edge--\r\n"
        return await wang.post(
            f"/v1/tickets/{number}/attachments", content=body.encode(), headers={"Content-Type": content_type}
        )


async def chunks(world: World) -> int:
    found: int = await world.runtimes["intake"].database["fs.chunks"].count_documents({})
    return found


@pytest.mark.parametrize("charset", ["utf-7", "idna", "punycode", "undefined", "rot13", "hex", "unicode_escape", "no"])
async def test_a_charset_of_the_upload_has_no_meaning(world: World, charset: str) -> None:
    answer = await upload(
        world,
        part('name="file"; filename="+2AA-.log"'),
        content_type=f"multipart/form-data; charset={charset}; boundary=edge",
    )
    assert answer.status_code == 201, answer.text
    assert [one["name"] for one in answer.json()["attachments"]] == ["+2AA-.log"]


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("name=\"file\"; filename*=utf-8''%E6%97%A5%E5%BF%97.log", "日志.log"),
        ('name="file"; filename="=?utf-8?B?5pel5b+XLmxvZw==?="', "日志.log"),
        ('name="file"; filename="a\u202egpj.exe"', "agpj.exe"),
    ],
)
async def test_a_name_in_any_writing_is_kept_clean(world: World, disposition: str, name: str) -> None:
    answer = await upload(world, part(disposition))
    assert answer.status_code == 201, answer.text
    assert [one["name"] for one in answer.json()["attachments"]] == [name]


@pytest.mark.parametrize(
    "parts",
    [
        [part('name="file"; filename="a.log"'), part('name="file"; filename="b.log"')],
        [part('name="other"; filename="a.log"')],
        [part('name="file"', "text")],
        [part('filename="a.log"')],
        [part('name="file"; filename="a.log"').replace("\r\n\r\n", "\r\n" + "x: y\r\n" * 20 + "\r\n")],
        [],
    ],
)
async def test_anything_but_one_file_is_refused_and_leaves_nothing(world: World, parts: list[str]) -> None:
    answer = await upload(world, *parts)
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:bihuan:problem:invalid"
    assert await chunks(world) == 0


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data", 'multipart/form-data; boundary="a\\"b"', "application/json", "", ";;;="]
)
async def test_an_upload_of_another_kind_is_refused(world: World, content_type: str) -> None:
    answer = await upload(world, part('name="file"; filename="a.log"'), content_type=content_type)
    assert answer.status_code == 422
    assert await chunks(world) == 0
