"""Who watches a ticket is told what is said on it."""

from shared.events import TicketWatchersChanged, Watcher
from shared.testing import CHEN, LEAD, LIU, NOON, VIEWER, WANG, Person, World
from tests.notify.conftest import MailServer, deliveries_to, sent, templates_to
from tests.notify.samples import COMPLETED, GUEST, TICKET, assigned, opened, posted


def watching(*people: tuple[Person, bool], revision: int = 2) -> TicketWatchersChanged:
    watchers = [
        Watcher(id=one.sub or f"mailto:{one.email}", name=one.name, sub=one.sub, email=one.email, by_staff=staff)
        for one, staff in people
    ]
    return TicketWatchersChanged(subject=TICKET, time=NOON, revision=revision, watchers=watchers)


async def test_watchers_are_told_what_is_said_and_only_staff_of_notes(world: World) -> None:
    await world.publish(opened())
    await world.publish(watching((VIEWER, False), (CHEN, True)))
    await world.publish(posted("还是不行", WANG, False))
    await world.publish(posted("正在处理", CHEN, True))
    await world.publish(posted("", LEAD, True, internal=True))
    assert await templates_to(world, VIEWER.sub) == ["watched_message", "watched_message"]
    assert sorted(await templates_to(world, CHEN.sub)) == ["watched_message", "watched_note"]


async def test_who_is_told_anyway_is_not_told_twice(world: World) -> None:
    await world.publish(opened())
    await world.publish(assigned(LIU))
    await world.publish(watching((WANG, False), (LIU, True)))
    await world.publish(posted("还是不行", WANG, False))
    await world.publish(COMPLETED)
    assert not {one for one in await templates_to(world, LIU.sub) if one == "watched_message"}
    assert not {one for one in await templates_to(world, WANG.sub) if one.startswith("watched")}


async def test_the_newest_list_of_watchers_holds(world: World) -> None:
    await world.publish(opened())
    await world.publish(watching(revision=3))
    await world.publish(watching((VIEWER, False), revision=2))
    await world.publish(posted("还是不行", WANG, False))
    assert await deliveries_to(world, VIEWER.sub) == []


async def test_a_guest_who_watches_is_not_told_of_their_own_words(mailing: World, mail_server: MailServer) -> None:
    await mailing.publish(opened())
    await mailing.publish(watching((GUEST, False)))
    own = posted("还有这个", GUEST, False).model_copy(update={"author": f"mailto:{GUEST.email}"})
    await mailing.publish(own)
    await mailing.publish(posted("正在处理", CHEN, True))
    await sent(mailing)
    assert len(mail_server.to(GUEST.email)) == 1
