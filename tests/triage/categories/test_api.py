"""An administrator keeps the categories; everybody's tickets are sorted by them."""

from services.triage.categories.domain import SEEDED, Categories, CategoryRecord
from shared.events import TriageDiagnosed, TriageReclassified
from shared.terms import Category
from shared.testing import ADMIN, AGENT, CHEN, LEAD, WANG, World
from tests.triage.builders import CRASH, QUESTION, TICKET, opened
from tests.triage.scene import ask, post, triage

PATH = "/v1/categories"
BILLING = {"name_zh": "账务类", "name_en": "Billing", "parent": "data", "queue": "money"}


async def test_an_administrator_keeps_them(world: World) -> None:
    assert [one["key"] for one in (await ask(world, AGENT, "GET", PATH)).json()["items"]] == sorted(SEEDED.by_key)
    assert (await ask(world, LEAD, "PUT", f"{PATH}/billing", BILLING)).status_code == 403
    assert (await ask(world, ADMIN, "PUT", f"{PATH}/Billing%20", BILLING)).status_code == 422
    kept = (await ask(world, ADMIN, "PUT", f"{PATH}/billing", BILLING)).json()
    assert (kept["queue"], kept["parent"], kept["team"], kept["retired"]) == ("money", "data", None, False)
    assert (await ask(world, CHEN, "GET", f"{PATH}/billing")).json() == kept
    assert (await ask(world, WANG, "GET", PATH)).status_code == 403
    for wrong in ({"parent": "nothing"}, {"parent": "billing"}, {"team": "nobodys"}):
        refused = await ask(world, ADMIN, "PUT", f"{PATH}/billing", {**BILLING, **wrong})
        assert refused.status_code == 422
        assert next(iter(wrong)) in refused.text
    retired = await ask(world, ADMIN, "POST", f"{PATH}/billing/retirement")
    assert retired.json()["retired"]
    assert not (await ask(world, ADMIN, "PUT", f"{PATH}/billing", BILLING)).json()["retired"]


async def test_a_person_sorts_a_ticket_into_one(world: World) -> None:
    await world.publish(opened(TICKET, CRASH))
    path, body = f"/v1/tickets/{TICKET}/work/classification", {"category": "billing", "priority": "high", "reason": "x"}
    refused = await post(world, CHEN, path, body)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "body.category")
    await ask(world, ADMIN, "PUT", f"{PATH}/billing", BILLING)
    assert (await post(world, CHEN, path, body)).json()["category"] == "billing"
    [changed] = world.published(TriageReclassified)
    assert (changed.category, changed.queue) == ("billing", "money")
    await ask(world, ADMIN, "POST", f"{PATH}/billing/retirement")
    assert (await post(world, CHEN, path, {**body, "priority": "normal"})).status_code == 200  # it keeps what it has
    rows = (await ask(world, CHEN, "GET", "/v1/queue?queue=money")).json()["items"]
    assert [(row["ticket"], row["category"]) for row in rows] == [(TICKET, "billing")]
    told = (await ask(world, CHEN, "GET", f"/v1/tickets/{TICKET}/work/diagnosis")).json()
    assert told["category_name"] == {"en": "Billing", "zh": "账务类"}


async def test_its_tickets_go_to_its_queue_and_team(world: World) -> None:
    await ask(world, ADMIN, "PUT", "/v1/teams/howto", {"name": "操作组"})
    usage = {"name_zh": "操作类", "name_en": "Operation", "queue": "howto", "team": "howto"}
    assert (await ask(world, ADMIN, "PUT", f"{PATH}/operation", usage)).status_code == 200
    await world.publish(opened(TICKET, QUESTION))
    [diagnosed] = world.published(TriageDiagnosed)
    assert (diagnosed.category, diagnosed.queue, diagnosed.team) == ("operation", "howto", "howto")
    item = await triage(world).work.store.get(TICKET)
    assert (item.queue, item.team) == ("howto", "howto")


async def test_one_that_is_retired_is_given_to_nothing(world: World) -> None:
    await ask(world, ADMIN, "POST", f"{PATH}/operation/retirement")
    await world.publish(opened(TICKET, QUESTION))
    [diagnosed] = world.published(TriageDiagnosed)
    assert diagnosed.category != "operation"
    await triage(world).categories.seed()  # as at the next start
    assert (await ask(world, ADMIN, "GET", f"{PATH}/operation")).json()["retired"]


def test_a_key_without_a_record_is_its_own_name_and_queue() -> None:
    newer = Category.of("billing")
    assert (SEEDED.name_of(newer).zh, SEEDED.queue_of(newer), SEEDED.team_of(newer)) == ("billing", "billing", "")
    assert not Categories({"billing": CategoryRecord(id="billing", retired=True)}).is_active("billing")
