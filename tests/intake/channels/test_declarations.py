"""What ways in have no notion of, as docs/channels.md shows it in both languages."""

import re

import pytest

from deploy.local.options import CHECKOUT
from tests.intake.channels.conformance import Conformance, Notion
from tests.intake.channels.test_dingtalk import TestDingTalk as DingTalk
from tests.intake.channels.test_feishu import TestFeishu as Feishu
from tests.intake.channels.test_hotline import TestHotline as Hotline
from tests.intake.channels.test_online import TestOnline as Online
from tests.intake.channels.test_stream import TestDingTalkStream as Stream
from tests.intake.channels.test_wecom import TestWeCom as WeCom
from tests.intake.mails.test_conformance import TestImap as Imap
from tests.intake.mails.test_conformance import TestSmtp as Smtp

WAYS: dict[str, type[Conformance]] = {
    "API": Online,
    "hotline": Hotline,
    "wecom": WeCom,
    "dingtalk, HTTP": DingTalk,
    "dingtalk, Stream": Stream,
    "feishu": Feishu,
    "SMTP": Smtp,
    "IMAP": Imap,
}


def declared(page: str) -> dict[str, list[bool]]:
    """Of each way, by its first cell, what the page says that it has."""
    text = (CHECKOUT / "docs" / page).read_text("utf-8")
    rows = re.findall(r"^\| ([^|\n]+) \| ((?:[✓–] \| ){4}[✓–]) \|$", text, re.MULTILINE)
    return {name: [cell == "✓" for cell in cells.split(" | ")] for name, cells in rows}


@pytest.mark.parametrize("page", ["channels.md", "zh/channels.md"])
def test_the_page_says_what_each_way_lacks(page: str) -> None:
    found = declared(page)
    assert {name: [one not in way.lacks for one in Notion] for name, way in WAYS.items()} == found


@pytest.mark.parametrize("name", WAYS)
def test_who_lacks_something_says_why(name: str) -> None:
    assert all(why.strip() for why in WAYS[name].lacks.values())
    assert WAYS[name].channel
