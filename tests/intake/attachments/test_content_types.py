"""A file is what its content is, and its name must say so."""

import gzip

import pytest

from shared.testing import WANG, World
from shared.uploads.content_types import WrongContent, content_of, media_type_of
from tests.intake.scene import opened

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
ZIP = b"PK\x03\x04" + b"\0" * 30
EXE = b"MZ" + b"\0" * 58 + b"\x80\0\0\0" + b"\0" * 64 + b"PE\0\0"
TAR = b"a.log".ljust(257, b"\0") + b"ustar\0" + b"00"
SVG = b'\xef\xbb\xbf<?xml version="1.0"?><svg><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.png", PNG, "image/png"),
        ("截图.JPG", PNG, "image/png"),  # which program named it is nobody's fault
        ("a.log", "2026-03-02 错误".encode(), "text/plain"),
        ("a.log", "错误".encode("gbk"), "text/plain"),
        ("a.txt", "错误\0".encode("utf-16"), "application/octet-stream"),
        ("a.svg", SVG, "image/svg+xml"),
        ("a.html", b"<!DOCTYPE html><p>", "text/html"),
        ("报表.xls", b"<html><table>", "text/html"),
        ("a.docx", ZIP, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.zip", ZIP, "application/zip"),
        ("a.log.gz", gzip.compress(b"x", mtime=0), "application/gzip"),
        ("a.tar", TAR, "application/x-tar"),
        ("setup.exe", EXE, "application/x-executable"),
        ("dump", b"\0\1\2", "application/octet-stream"),
        ("a.dmp", ZIP, "application/zip"),
    ],
)
def test_what_it_is(name: str, content: bytes, media_type: str) -> None:
    assert media_type_of(name, content) == media_type


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", SVG),
        ("a.png", b"<html>"),
        ("a.jpg", EXE),
        ("a.log", EXE),
        ("a.txt", ZIP),
        ("a.pdf", b"<script>"),
        ("a.zip", PNG),
        ("a.gz", b"plain"),
        ("a.docx", b"plain"),
        ("a.dat", EXE),
        ("README", EXE),
    ],
)
def test_a_name_that_says_something_else_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(WrongContent) as refused:
        media_type_of(name, content)
    assert name in refused.value.detail.zh
    assert refused.value.field == "body.file"


@pytest.mark.parametrize("content", [b"", b"M", b"MZ is how it began", b"\xff" * 5000, b"<" * 5000])
def test_whatever_it_is_something_is_said(content: bytes) -> None:
    assert content_of(content).media_type


async def test_what_is_refused_leaves_nothing_behind(world: World) -> None:
    number = (await opened(world))["ticket"]
    async with world.as_(WANG, "intake") as wang:
        answer = await wang.post(f"/v1/tickets/{number}/attachments", files={"file": ("a.png", EXE, "image/png")})
        right = await wang.post(f"/v1/tickets/{number}/attachments", files={"file": ("a.png", PNG, "text/html")})
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong-content")
    assert [one["media_type"] for one in right.json()["attachments"]] == ["image/png"]
    assert await world.runtimes["intake"].database["fs.files"].count_documents({}) == 1
