"""notify's database is lost: who is to be telephoned, and which addresses do not exist, is known again from the stream;
and none of it is kept for ever."""

from datetime import timedelta

from deploy.rebuild import EPOCH, run
from services.notify.contact_tasks.domain import ContactTaskState
from services.notify.deliveries.domain import DeliveryState
from shared.bus import Bus
from shared.mongo import Database
from shared.rebuild import Clock
from shared.service import Runtime
from shared.testing import AGENT, LIU, NOON, WANG, World
from tests.notify.conftest import MailServer, notify_of, sent
from tests.notify.contact_tasks.test_contact_tasks import by_telephone_alone
from tests.notify.deliveries.test_bounces import ask, came_back, please_verify
from tests.notify.samples import VERIFIED, posted

CALLED = "TK-2026-000002"


async def build_again(world: World) -> None:
    runtime = world.runtimes["notify"]
    await runtime.bus.stop_receiving()
    await runtime.sender.clear()
    clock, servers = Clock(EPOCH), world.servers
    database = Database.open(servers.mongo_url, f"{world.prefix}_notify", servers.driver)
    bus = Bus(servers.nats_url, "notify", world.prefix)
    silent = Runtime("notify", runtime.settings, database, bus, now=clock.now, silent=True)
    assert (await run("notify", silent, clock)).left == []


async def test_contact_tasks_and_suspended_addresses_are_as_they_were(mailing: World, mail_server: MailServer) -> None:
    notify = notify_of(mailing)
    await mailing.publish(came_back(await please_verify(mailing)))
    await mailing.publish(by_telephone_alone(CALLED))
    await mailing.publish(VERIFIED.model_copy(update={"id": "verified-2", "subject": CALLED}))
    await mailing.publish(posted("请再看一下", LIU, by_staff=True))
    await sent(mailing)
    [task] = (await ask(mailing, AGENT, "GET", f"/v1/contact-tasks?ticket={CALLED}"))["items"]
    async with mailing.as_(AGENT, "notify") as client:
        done = await client.post(f"/v1/contact-tasks/{task['id']}/completion", json={"reached": True, "note": "已告知"})
    assert done.status_code == 200
    await mailing.settle()
    tasks, addresses, deliveries = notify.contact_tasks.store, notify.suspended_addresses.store, notify.deliveries.store
    before = {one.id: one async for one in tasks.all()}
    states = {one.id: (one.channels, one.state) async for one in deliveries.all()}
    mails = len(mail_server.mails)
    await tasks.drop()
    await addresses.drop()
    await build_again(mailing)
    after = {one.id: one async for one in tasks.all()}
    assert after.keys() == before.keys()
    for id, one in after.items():
        known = before[id]
        assert (one.state, one.done_by, one.reached) == (known.state, known.done_by, known.reached)
        assert [item.delivery for item in one.items] == [item.delivery for item in known.items]
    assert {one.state for one in after.values()} == {ContactTaskState.OPEN, ContactTaskState.DONE}
    assert [one.address async for one in addresses.all()] == [WANG.email]
    assert {one.id: (one.channels, one.state) async for one in deliveries.all()} == states
    assert DeliveryState.BOUNCED in {state for _, state in states.values()}
    assert len(mail_server.mails) == mails


async def test_what_is_done_and_old_is_cleared(mailing: World) -> None:
    notify = notify_of(mailing)
    tasks, addresses = notify.contact_tasks.store, notify.suspended_addresses.store
    await mailing.publish(came_back(await please_verify(mailing)))
    await mailing.settle()
    [task] = [one async for one in tasks.all()]
    mailing.time = NOON + tasks.kept_for + timedelta(days=1)
    await mailing.runtimes["notify"].sender.clear()
    assert await tasks.remove_expired() == 0  # somebody still has to telephone
    async with mailing.as_(AGENT, "notify") as client:
        await client.post(f"/v1/contact-tasks/{task.id}/completion", json={"reached": False, "note": "-"})
    await mailing.settle()
    await mailing.runtimes["notify"].sender.clear()
    assert (await tasks.remove_expired(), await addresses.remove_expired()) == (1, 1)
    assert (await tasks.count({}), await addresses.count({})) == (0, 0)
