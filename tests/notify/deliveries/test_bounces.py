"""Mails that came back: the delivery says so, the address gets no more mails, and the customer hears otherwise."""

from typing import Any

import pytest

from services.notify.deliveries.domain import Delivery, DeliveryState
from services.notify.preferences.domain import Digest, PreferenceDetails
from shared.domain import Origin
from shared.events import ContactErased, MailBounced, NotifyFailed, TicketMailBounced
from shared.mail_threads import MailThreads
from shared.testing import ADMIN, AGENT, CHEN, LIU, NOON, SECRET, WANG, Person, World
from tests.notify.conftest import MailServer, deliveries_to, notify_of, sent
from tests.notify.samples import TICKET, VERIFIED, assigned, opened, posted

ADDRESSES = "/v1/suspended-addresses"


def came_back(sent_one: Delivery, status: str = "5.1.1", **more: Any) -> TicketMailBounced:
    known = {"subject": TICKET, "time": NOON, "delivery": sent_one.id, "recipient": WANG.email, "status": status}
    return TicketMailBounced.model_validate({**known, **more})


async def please_verify(world: World) -> Delivery:
    """What the ticket waits for, sent by mail."""
    for event in (opened(), assigned(), VERIFIED):
        await world.publish(event)
    await sent(world)
    [found] = [one for one in await deliveries_to(world, WANG.sub) if one.template == "please_verify"]
    assert found.state is DeliveryState.SENT
    return found


async def ask(world: World, who: Person, method: str, path: str, status: int = 200) -> Any:
    async with world.as_(who, "notify") as client:
        answer = await client.request(method, path)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_a_verification_mail_that_came_back_is_told_by_telephone(mailing: World, mail_server: MailServer) -> None:
    delivery = await please_verify(mailing)
    await mailing.publish(came_back(delivery))
    await mailing.settle()
    found = await notify_of(mailing).deliveries.store.get(delivery.id)
    assert (found.state, found.attempts[-1].error) == (DeliveryState.BOUNCED, "bounced 5.1.1")
    [failed] = mailing.published(NotifyFailed)
    assert (failed.delivery, failed.template) == (delivery.id, "please_verify")
    [task] = (await ask(mailing, AGENT, "GET", "/v1/contact-tasks"))["items"]
    assert [(one["template"], one["reason"]) for one in task["items"]] == [("please_verify", "bounced")]
    before = len(mail_server.mails)
    await mailing.publish(posted("请再看一下", LIU, by_staff=True))
    await sent(mailing)
    assert len(mail_server.mails) == before
    [task] = (await ask(mailing, AGENT, "GET", "/v1/contact-tasks"))["items"]
    assert [one["template"] for one in task["items"]] == ["please_verify", "reply"]
    [reply] = [one for one in await deliveries_to(mailing, WANG.sub) if one.template == "reply"]
    assert reply.channels == ["online", "telephone"]


async def test_a_digest_that_came_back_is_told_by_telephone_but_for_what_was_read(
    mailing: World, mail_server: MailServer
) -> None:
    await mailing.publish(opened())
    wanted = PreferenceDetails(digest=Digest.HOURLY)
    await notify_of(mailing).preferences.put(WANG.sub, wanted, Origin("admin"))
    for text in ("请重启服务", "请看新版本"):
        await mailing.publish(posted(text, LIU, by_staff=True))
    await mailing.pass_time(hours=1)
    await sent(mailing)
    id = MailThreads(SECRET).mail_beside_in([mail_server.mails[-1]["Message-ID"]])
    digest = await notify_of(mailing).deliveries.store.get(id)
    assert len(digest.items) == 2
    read, unread = digest.items
    await ask(mailing, WANG, "POST", f"/v1/notifications/{read.id}/read")
    told = MailBounced(subject="M-1", time=NOON, delivery=id, recipient=WANG.email, status="5.1.1")
    for _ in range(2):
        await mailing.runtimes["notify"].bus.handlers[MailBounced](told)
    await mailing.settle()
    states = [(await notify_of(mailing).deliveries.store.get(one)).state for one in (id, read.id, unread.id)]
    assert states == [DeliveryState.BOUNCED, DeliveryState.READ, DeliveryState.BOUNCED]
    [task] = (await ask(mailing, AGENT, "GET", "/v1/contact-tasks"))["items"]
    assert [(one["delivery"], one["reason"]) for one in task["items"]] == [(unread.id, "bounced")]
    [suspended] = (await ask(mailing, AGENT, "GET", ADDRESSES))["items"]
    assert (suspended["address"], suspended["ticket"]) == (WANG.email, TICKET)


async def test_mails_go_there_again_when_somebody_says_so(mailing: World, mail_server: MailServer) -> None:
    await mailing.publish(came_back(await please_verify(mailing)))
    [suspended] = (await ask(mailing, AGENT, "GET", ADDRESSES))["items"]
    assert (suspended["address"], suspended["status"], suspended["is_active"]) == (WANG.email, "5.1.1", True)
    released = await ask(mailing, AGENT, "POST", f"{ADDRESSES}/{suspended['id']}/release")
    assert (released["is_active"], released["released_by"]) == (False, AGENT.sub)
    assert (await ask(mailing, ADMIN, "GET", ADDRESSES))["items"] == []
    before = len(mail_server.mails)
    await mailing.publish(posted("请再看一下", LIU, by_staff=True))
    await sent(mailing)
    assert len(mail_server.mails) == before + 1


@pytest.mark.parametrize("status", ["5.2.2", "5.7.1", "4.4.7", ""])
async def test_a_full_mailbox_or_a_mail_taken_for_spam_suspends_no_address(mailing: World, status: str) -> None:
    delivery = await please_verify(mailing)
    await mailing.publish(came_back(delivery, status))
    assert (await ask(mailing, AGENT, "GET", ADDRESSES))["items"] == []
    assert (await notify_of(mailing).deliveries.store.get(delivery.id)).state is DeliveryState.BOUNCED


@pytest.mark.parametrize(
    "more", [{"recipient": "other@huadong.example"}, {"delivery": "0" * 32}, {"subject": "TK-2026-000002"}]
)
async def test_what_did_not_come_from_there_changes_nothing(mailing: World, more: dict[str, str]) -> None:
    delivery = await please_verify(mailing)
    await mailing.publish(came_back(delivery, **more))
    assert (await notify_of(mailing).deliveries.store.get(delivery.id)).version == delivery.version
    assert (await ask(mailing, AGENT, "GET", ADDRESSES))["items"] == []


async def test_a_bounce_counts_once_also_after_it_was_sent_again(mailing: World) -> None:
    delivery = await please_verify(mailing)
    event = came_back(delivery)
    await mailing.publish(event)
    again = await ask(mailing, AGENT, "POST", f"/v1/notifications/{delivery.id}/redelivery", 202)
    assert again["state"] == "queued"
    await mailing.pass_time(seconds=0)
    await sent(mailing)
    assert (await notify_of(mailing).deliveries.store.get(delivery.id)).state is DeliveryState.SENT
    await mailing.runtimes["notify"].bus.handlers[TicketMailBounced](event)
    assert (await notify_of(mailing).deliveries.store.get(delivery.id)).state is DeliveryState.SENT


async def test_who_has_read_it_online_is_not_telephoned(mailing: World) -> None:
    delivery = await please_verify(mailing)
    await ask(mailing, WANG, "POST", f"/v1/notifications/{delivery.id}/read")
    await mailing.publish(came_back(delivery))
    assert mailing.published(NotifyFailed) == []
    assert (await ask(mailing, AGENT, "GET", "/v1/contact-tasks"))["items"] == []


async def test_an_address_that_was_erased_is_not_kept(mailing: World) -> None:
    await mailing.publish(came_back(await please_verify(mailing)))
    await mailing.publish(ContactErased(subject="ct-1", time=NOON, tickets=[TICKET]))
    assert await notify_of(mailing).suspended_addresses.store.count({}) == 0


async def test_customers_and_engineers_see_no_addresses(mailing: World) -> None:
    for who in (WANG, CHEN):
        assert (await ask(mailing, who, "GET", ADDRESSES, 403))["code"] == "forbidden"
