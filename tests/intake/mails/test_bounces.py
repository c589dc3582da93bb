"""Mails of ours that came back: who sent them is told of which."""

from shared.events import MailBounced, TicketMailBounced
from shared.testing import World
from tests.intake.mails.samples import BOUNCE, mail
from tests.intake.mails.test_handlers import THREADS, come, state_of, tickets
from tests.intake.mails.test_handlers import world as world


async def test_one_that_is_named_by_its_ticket_alone_is_told_of_nobody(world: World) -> None:
    await come(world, mail())
    [ticket] = await tickets(world)
    await come(world, BOUNCE.replace(b"{name}", f"<t.{THREADS.name(ticket['ticket'])}.1@desk.test>".encode()))
    await world.settle()
    assert world.published(TicketMailBounced) == []


async def test_whoever_sent_a_mail_that_came_back_is_told_of_which(world: World) -> None:
    await come(world, mail())
    [ticket] = await tickets(world)
    name, delivery = THREADS.name(ticket["ticket"]), "0123456789abcdef" * 2
    forged = "TK-2026-000009.0123456789abcdef"
    for id in (f"<t.{name}.{delivery}@desk.test>", f"<t.{forged}.{delivery}@desk.test>"):
        await come(world, BOUNCE.replace(b"{name}", id.encode()))
    await world.settle()
    [told] = world.published(TicketMailBounced)
    assert (told.subject, told.delivery) == (ticket["ticket"], delivery)
    assert (told.recipient, told.status) == ("gone@customer.example", "5.1.1")


async def test_a_mail_of_no_thread_that_came_back_is_told_of_once(world: World) -> None:
    delivery, forged = "0123456789abcdef" * 2, f"n.{'0' * 32}.{'0' * 16}"
    for name in (THREADS.beside(delivery).upper(), forged):
        bounce = BOUNCE.replace(b"{name}", f"<{name}@desk.test>".encode())
        for _ in range(2):
            assert await state_of(world, await come(world, bounce)) == ("ignored", "bounce")
    await world.settle()
    [told] = world.published(MailBounced)
    assert (told.delivery, told.recipient, told.status) == (delivery, "gone@customer.example", "5.1.1")
    assert await tickets(world) == []
