"""WeCom (企业微信): the callback of an app of one's own.

Protocol: https://developer.work.weixin.qq.com/document/path/90930 (callbacks), /path/90968 (encryption), /path/90239
(messages), /path/90240 (events). What is picked from a card of ours (notify's channels/cards.py) is an answer.
"""

import base64
import hashlib
import hmac
import re
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar
from xml.etree.ElementTree import Element

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from services.intake.channels.adapter import BadSignature, Call, Reception, unreadable
from services.intake.channels.aes import AES_BLOCK, decrypt
from services.intake.channels.domain import FileRef, Inbound, Sender
from shared.terms import Channel, Text
from shared.usual_answers import USUAL_ANSWERS

PADDING_BLOCK = 32
HEAD = 20  # bytes: 16 at random, and the length of what follows
TASK = re.compile(r"([A-Z]{1,8}-[0-9]{4}-[0-9]{1,12})@[0-9a-f]{32}")
NUMBER = re.compile(r"[1-9][0-9]?")
WITHOUT_TEXT = {"image": "[图片]", "voice": "[语音]", "video": "[视频]"}


@dataclass(frozen=True)
class WeCom:
    """`aes_key` is the EncodingAESKey of 43 characters, `receiver` the CorpID."""

    token: str
    aes_key: str
    receiver: str
    channel: ClassVar[Channel] = Channel.WECOM
    max_bytes: ClassVar[int] = 64 * 1024

    def receive(self, call: Call) -> Reception:
        if call.method == "GET":
            return Reception(answer=self._open(call, call.query.get("echostr", "")))
        message = _parsed(self._open(call, _text(_parsed(call.body), "Encrypt")))
        found = _message(message, call.at)
        return Reception([found] if found else [])

    def signature(self, timestamp: str, nonce: str, sealed: str) -> str:
        return hashlib.sha1("".join(sorted((self.token, timestamp, nonce, sealed))).encode()).hexdigest()  # noqa: S324 - as the platform signs

    def _open(self, call: Call, sealed: str) -> bytes:
        """What is in the frame: 16 random bytes, the length, the content, and for whom it is."""
        query = call.query
        expected = self.signature(query.get("timestamp", ""), query.get("nonce", ""), sealed)
        if not hmac.compare_digest(expected.encode(), query.get("msg_signature", "").encode()):
            raise BadSignature("The signature is wrong", "签名错误")
        try:
            frame = base64.b64decode(sealed, validate=True)
        except ValueError:
            raise unreadable("Encrypt") from None
        key = base64.b64decode(f"{self.aes_key}=")
        content = decrypt(key, key[:AES_BLOCK], frame, PADDING_BLOCK)
        if len(content) < HEAD:
            raise unreadable("Encrypt")
        end = HEAD + struct.unpack(">I", content[HEAD - 4 : HEAD])[0]
        if content[end:] != self.receiver.encode():
            raise BadSignature("It is for another receiver", "接收方不符")
        return content[HEAD:end]


def _parsed(body: bytes) -> Element:
    try:
        found: Element = fromstring(body)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise unreadable(f"XML ({type(error).__name__})") from None
    return found


def _text(of: Element, name: str) -> str:
    return (of.findtext(name) or "").strip()


def _message(xml: Element, now: datetime) -> Inbound | None:
    """None for what nobody wrote: events, and the messages of the system."""
    kind, sender, id = _text(xml, "MsgType"), _text(xml, "FromUserName"), _text(xml, "MsgId")
    if kind == "event" and _text(xml, "Event") == "template_card_event":
        return _picked(xml, now)
    if kind == "event" or not id or sender in ("", "sys"):
        return None
    if kind == "text":
        text = _text(xml, "Content")
    elif kind == "location":
        text = f"[位置] {_text(xml, 'Label')}"
    elif kind == "link":
        text = "\n".join(filter(None, (_text(xml, name) for name in ("Title", "Description", "Url"))))
    else:
        text = WITHOUT_TEXT.get(kind, f"[{kind}]")
    media = _text(xml, "MediaId")
    return Inbound(
        id=id,
        conversation=_text(xml, "AgentID"),
        sender=Sender(id=sender),
        text=text,
        files=[FileRef(id=media, kind=kind)] if media else [],
        sent_at=_created(xml, now),
    )


def _picked(xml: Element, now: datetime) -> Inbound | None:
    """None for a card that is not ours, or from which nothing was picked."""
    task, sender, language = TASK.fullmatch(_text(xml, "TaskId")), _text(xml, "FromUserName"), _text(xml, "EventKey")
    if task is None or not sender or language not in ("zh", "en"):
        return None
    said: dict[str, Text] = {}
    for item in xml.iterfind("SelectedItems/SelectedItem"):
        field, option = _text(item, "QuestionKey"), (item.findtext("OptionIds/OptionId") or "").strip()
        answers = USUAL_ANSWERS[field].answers if field in USUAL_ANSWERS else ()
        if NUMBER.fullmatch(option) and int(option) <= len(answers):
            said[field] = answers[int(option) - 1]
    if not said:
        return None
    labels = {field: USUAL_ANSWERS[field].label.in_(language) for field in said}
    return Inbound(
        id=f"card {task[0]}",
        conversation=f"{_text(xml, 'AgentID')} {task[1]}",
        sender=Sender(id=sender),
        text="\n".join(f"{labels[field]}: {words.in_(language)}" for field, words in said.items()),
        sent_at=_created(xml, now),
        ticket=task[1],
        answers={field: words.in_(language) for field, words in said.items()},
    )


def _created(xml: Element, now: datetime) -> datetime:
    created = _text(xml, "CreateTime")
    return datetime.fromtimestamp(int(created), UTC) if created.isdigit() and len(created) <= 10 else now
