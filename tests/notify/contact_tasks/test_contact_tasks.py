"""Customers whom nothing reaches are telephoned: what is to be told, who does it, and what follows."""

from datetime import timedelta
from typing import Any

import pytest

from services.notify.contact_tasks.domain import MOST_ITEMS
from services.notify.deliveries.domain import DeliveryState
from shared.events import ContactErased, Event, NotifyContactTaskDone, NotifyContactTaskOpened, TicketOpened
from shared.testing import ADMIN, AGENT, AUDITOR, CHEN, LEAD, LIU, NOON, VIEWER, WANG, Person, World
from tests.notify.conftest import MailServer, deliveries_to, notify_of, sent, templates_to
from tests.notify.samples import ASKED, TICKET, VERIFIED, assigned, opened, posted

TASKS = "/v1/contact-tasks"
PHONE = "+8613800138000"


async def ask(world: World, who: Person, method: str, path: str = "", status: int = 200, **body: Any) -> Any:
    async with world.as_(who, "notify") as client:
        answer = await client.request(method, TASKS + path, json=body or None)
    assert answer.status_code == status, answer.text
    return answer.json()


async def tasks(world: World, query: str = "") -> list[Any]:
    found: list[Any] = (await ask(world, AGENT, "GET", query))["items"]
    return found


def by_telephone_alone(ticket: str = TICKET) -> TicketOpened:
    """A customer who called, and of whom no more is known."""
    contact = opened().contact.model_copy(update={"sub": "", "email": "", "name": "老张", "phone": PHONE})
    return opened(ticket=ticket).model_copy(update={"contact": contact})


async def publish(world: World, *events: Event) -> None:
    for event in events:
        await world.publish(event)


async def test_who_has_no_address_is_telephoned_once_for_all_that_is_to_be_told(mailing: World) -> None:
    await publish(mailing, by_telephone_alone(), assigned(), VERIFIED, posted("请升级", LIU, by_staff=True))
    [task] = await tasks(mailing)
    assert (task["ticket"], task["name"], task["phone"], task["state"]) == (TICKET, "老张", PHONE, "open")
    assert [(one["template"], one["reason"]) for one in task["items"]] == [
        ("please_verify", "no_address"),
        ("reply", "no_address"),
    ]
    assert "/links/…" in task["items"][0]["text"]
    assert len(mailing.published(NotifyContactTaskOpened)) == 1
    waiting = await deliveries_to(mailing, f"tel:{PHONE}")
    assert {(one.channel, one.state, one.due_at) for one in waiting} == {("telephone", DeliveryState.QUEUED, None)}
    assert {*await templates_to(mailing, LIU.sub)} == {"work_assigned", "contact_task"}


async def test_who_does_it_says_so_and_how_it_went_and_it_counts_as_told(mailing: World) -> None:
    await publish(mailing, by_telephone_alone(), VERIFIED)
    [task] = await tasks(mailing)
    path = f"/{task['id']}"
    assert (await ask(mailing, AGENT, "POST", f"{path}/claim"))["claimed_by"] == AGENT.sub
    assert (await ask(mailing, CHEN, "POST", f"{path}/claim", 409))["code"] == "claimed-by-someone-else"
    wrong = await ask(mailing, CHEN, "POST", f"{path}/completion", 409, reached=True, note="x")
    assert wrong["code"] == "claimed-by-someone-else"
    done = await ask(mailing, AGENT, "POST", f"{path}/completion", reached=True, note="他会验证")
    assert (done["state"], done["done_by"], done["reached"], done["note"]) == ("done", AGENT.sub, True, "他会验证")
    await mailing.settle()
    [delivery] = await deliveries_to(mailing, f"tel:{PHONE}")
    assert (delivery.state, delivery.attempts[-1].channel) == (DeliveryState.SENT, "telephone")
    for verb in ("claim", "release"):
        assert (await ask(mailing, AGENT, "POST", f"{path}/{verb}", 409))["code"] == "contact-task-done"
    assert await tasks(mailing, "?state=open") == []
    await publish(mailing, posted("请升级", LIU, by_staff=True))
    [new] = await tasks(mailing, "?state=open")
    assert new["id"] != task["id"]


async def test_leads_hear_of_who_was_not_reached_and_the_notification_has_failed(mailing: World) -> None:
    await publish(mailing, by_telephone_alone(), VERIFIED)
    [task] = await tasks(mailing)
    await ask(mailing, AGENT, "POST", f"/{task['id']}/completion", reached=False, note="三次无人接听")
    await mailing.settle()
    [delivery] = await deliveries_to(mailing, f"tel:{PHONE}")
    assert delivery.state is DeliveryState.FAILED
    assert {*await templates_to(mailing, "role:lead")} == {"contact_tasks_waiting", "customer_not_reached"}
    assert len(await tasks(mailing)) == 1


async def test_what_no_channel_takes_becomes_a_task(mailing: World, mail_server: MailServer) -> None:
    contact = opened().contact.model_copy(update={"email": "unknown@huadong.example", "phone": PHONE})
    await publish(mailing, opened().model_copy(update={"contact": contact}), assigned())
    await sent(mailing)
    [task] = await tasks(mailing, f"?ticket={TICKET}")
    assert [(one["template"], one["reason"], one["error"][:3]) for one in task["items"]] == [
        ("opened", "failed", "550")
    ]
    await ask(mailing, AGENT, "POST", f"/{task['id']}/completion", reached=True, note="已告知")
    await mailing.settle()
    states = {one.template: one.state for one in await deliveries_to(mailing, WANG.sub)}
    assert states["opened"] is DeliveryState.SENT


async def test_what_comes_twice_is_told_once(mailing: World) -> None:
    await publish(mailing, by_telephone_alone(), VERIFIED)
    notify = notify_of(mailing)
    await notify.deliveries.hear(VERIFIED)
    await notify.deliveries.hear(VERIFIED)
    [task] = await tasks(mailing)
    assert len(task["items"]) == 1
    await ask(mailing, AGENT, "POST", f"/{task['id']}/completion", reached=True, note="已告知")
    await mailing.settle()
    [done] = mailing.published(NotifyContactTaskDone)
    await notify.deliveries.hear_contact_task_done(done)
    await notify.deliveries.hear(VERIFIED)
    [delivery] = await deliveries_to(mailing, f"tel:{PHONE}")
    assert len(delivery.attempts) == 1
    assert len(await tasks(mailing)) == 1


async def test_a_task_has_so_many_items_then_there_is_another(mailing: World) -> None:
    await publish(mailing, by_telephone_alone())
    for number in range(MOST_ITEMS + 1):
        await notify_of(mailing).deliveries.hear(posted(f"{number}", LIU, by_staff=True))
    found = await tasks(mailing)
    assert sorted(len(one["items"]) for one in found) == [1, MOST_ITEMS]


async def test_leads_are_told_once_an_hour_however_many_there_are(mailing: World) -> None:
    for number in range(3):
        await publish(mailing, by_telephone_alone(f"TK-2026-00000{number}"))
        event = VERIFIED.model_copy(update={"subject": f"TK-2026-00000{number}", "id": f"v{number}"})
        await publish(mailing, event)
    store = notify_of(mailing).deliveries.store
    assert await store.count({"recipient": "role:lead"}) == 1
    mailing.time += timedelta(hours=1)
    await publish(mailing, by_telephone_alone("TK-2026-000007"))
    await publish(mailing, VERIFIED.model_copy(update={"subject": "TK-2026-000007", "id": "v7"}))
    assert await store.count({"recipient": "role:lead"}) == 2


async def test_what_was_erased_is_in_no_task(mailing: World) -> None:
    await publish(mailing, by_telephone_alone(), VERIFIED)
    await publish(mailing, ContactErased(subject="ct-1", time=NOON, tickets=[TICKET]))
    [task] = await tasks(mailing)
    assert (task["phone"], task["name"]) == ("", task["items"][0]["text"])
    assert PHONE not in str(task)


@pytest.mark.parametrize("who", [WANG, VIEWER])
async def test_customers_see_no_tasks(mailing: World, who: Person) -> None:
    assert (await ask(mailing, who, "GET", status=403))["code"] == "forbidden"


@pytest.mark.parametrize("who", [AUDITOR, ADMIN])
async def test_who_only_reads_does_none(mailing: World, who: Person) -> None:
    await publish(mailing, by_telephone_alone(), VERIFIED)
    [task] = (await ask(mailing, who, "GET"))["items"]
    assert (await ask(mailing, who, "POST", f"/{task['id']}/claim", 403))["code"] == "forbidden"
    assert (await ask(mailing, LEAD, "GET", f"/{task['id']}"))["state"] == "open"


@pytest.mark.parametrize("wrong", [{}, {"reached": "yes", "note": "x"}, {"reached": True, "note": ""}, {"note": "x"}])
async def test_how_it_went_is_said_in_full(mailing: World, wrong: dict[str, Any]) -> None:
    await publish(mailing, by_telephone_alone(), ASKED)
    [task] = await tasks(mailing)
    assert (await ask(mailing, AGENT, "POST", f"/{task['id']}/completion", 422, **wrong))["code"] == "invalid"
    assert (await ask(mailing, AGENT, "GET", f"/{task['id']}"))["state"] == "open"
