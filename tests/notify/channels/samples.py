"""Customers who wrote by a messenger, and what staff answer."""

from typing import Any

from shared.events import Contact, TicketMessagePosted, TicketOpened
from shared.sealed import Sealer
from shared.terms import Channel
from shared.testing import LIU, NOON, SECRET
from tests.notify.channels.conftest import DINGTALK_ID
from tests.notify.samples import opened, posted

ADDRESSES = {
    Channel.WECOM: "wecom:desk:zhang",
    Channel.DINGTALK: f"dingtalk:{DINGTALK_ID}:zhang",
    Channel.FEISHU: "feishu:fei:zhang",
}


def session(address: str, minutes: int = 90) -> str:
    until = int(NOON.timestamp() * 1000) + minutes * 60_000
    return Sealer(SECRET).seal(f"{until} {address}/robot/sendBySession?session=s-1")


def wrote(channel: Channel, email: str = "", address: str = "", **more: Any) -> TicketOpened:
    contact = Contact(name="张三", email=email, address=address or ADDRESSES[channel])
    return opened(contact=contact, channel=channel, taken_by=f"channel:{channel}", actor="", **more)


def answer(channel: Channel, text: str = "请升级到 3.2.1") -> TicketMessagePosted:
    return posted(text, LIU, by_staff=True).model_copy(update={"channel": channel})
