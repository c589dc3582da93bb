"""Sending once more what was sent before, or has failed: because somebody says so."""

from datetime import datetime

from services.notify.channels.domain import DeliveryChannel
from services.notify.deliveries.domain import Delivery, DeliveryState
from shared.domain import Conflict
from shared.erasing import ERASED
from shared.events import Event, wire_time
from shared.terms import Text

MOST_AT_ONCE = 100
NOT_SENT = {DeliveryChannel.ONLINE, DeliveryChannel.TELEPHONE}


def sent_by(channel: DeliveryChannel) -> list[list[DeliveryChannel]]:
    """What the channels can be of a delivery that is sent by this one, or was at last."""
    others: list[list[DeliveryChannel]] = [[], *([one] for one in DeliveryChannel if one not in (*NOT_SENT, channel))]
    inbox: list[list[DeliveryChannel]] = [[], [DeliveryChannel.ONLINE]]
    if channel is DeliveryChannel.ONLINE:
        return [[channel]]
    return [[*online, *before, channel] for online in inbox for before in others]


class StillQueued(Conflict):
    title = Text("Still waiting to be sent", "通知尚待发送")


class NothingToSend(Conflict):
    title = Text("It cannot be sent", "无法发送该通知")


def remind(delivery: Delivery, now: datetime) -> list[Event]:
    """Of what was sent, and not read: by the other way, where there is one."""
    if delivery.due_at is not None or delivery.channel in NOT_SENT or not delivery.address:
        return []
    delivery.attempts = [one.model_copy(update={"spent": True}) for one in delivery.attempts]
    delivery.other_way()
    delivery.parts_sent = 0
    delivery.state, delivery.due_at = DeliveryState.QUEUED, wire_time(now)
    return []


def send_again(delivery: Delivery, now: datetime) -> list[Event]:
    """By the channel that was tried last, under the same id, with all tries. A messenger that had taken a part of it
    goes on from there. Raises StillQueued, NothingToSend."""
    if delivery.due_at is not None:
        raise StillQueued("It will be sent, or is being sent just now", "该通知即将发送或正在发送")
    if delivery.channel in NOT_SENT or not delivery.address:
        raise NothingToSend("It is only read online, or told by telephone", "该通知仅在线阅读或由电话告知")
    if any(content.text == ERASED for content in delivery.words.values()):
        raise NothingToSend("What it said was erased", "其内容已被删除")
    if delivery.state is not DeliveryState.FAILED:
        delivery.parts_sent = 0
    delivery.attempts = [one.model_copy(update={"spent": True}) for one in delivery.attempts]
    delivery.state, delivery.due_at = DeliveryState.QUEUED, wire_time(now)
    return []
