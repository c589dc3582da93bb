"""Ticket forms over HTTP, and tickets that are asked by them."""

import asyncio
from typing import Any

import pytest

from services.intake.forms import domain, handlers
from services.intake.forms.handlers import FormHandlers
from services.intake.forms.store import TicketForms
from shared.domain import Origin
from shared.events import TicketOpened, TicketQuestionsAsked
from shared.testing import ADMIN, AGENT, LEAD, WANG, World
from tests.intake.directory.scene import ask
from tests.intake.forms.scene import DATABASE, FIELDS, SERIAL, declared
from tests.intake.products.scene import product
from tests.intake.scene import opened, to_verification

NEW: dict[str, Any] = {"title": "环通 ERP 打不开", "description": "一点就关。"}


async def test_a_form_is_declared_in_versions(world: World) -> None:
    new = await declared(world, FIELDS)
    path = f"/v1/ticket-forms/{new['id']}"
    assert (new["current"]["number"], new["product"], new["category"], new["earlier"]) == (1, "", None, [])
    amended = await ask(world, "PATCH", path, {"fields": [SERIAL]}, who=ADMIN, headers={"If-Match": '"1"'})
    assert (amended["current"]["number"], amended["earlier"], len(amended["current"]["fields"])) == (2, [1], 1)
    assert (await ask(world, "PATCH", path, {"fields": [SERIAL]}, who=ADMIN))["version"] == 2
    await ask(world, "PATCH", path, {"active": False}, 412, who=ADMIN, headers={"If-Match": '"1"'})
    await ask(world, "PATCH", path, {}, 422, who=ADMIN)
    assert (await ask(world, "GET", f"{path}/versions/1", who=WANG)) == new["current"]
    await ask(world, "GET", f"{path}/versions/3", status=404)
    assert (await ask(world, "PATCH", path, {"active": False}, who=ADMIN))["current"] == amended["current"]
    assert [one["id"] for one in (await ask(world, "GET", "/v1/ticket-forms", who=WANG))["items"]] == [new["id"]]


async def test_administrators_alone_declare(world: World) -> None:
    new = await declared(world, FIELDS)
    for who in (WANG, AGENT, LEAD):
        await ask(world, "POST", "/v1/ticket-forms", {"fields": []}, 403, who=who)
        await ask(world, "PATCH", f"/v1/ticket-forms/{new['id']}", {"active": False}, 403, who=who)
    assert (await ask(world, "GET", "/v1/ticket-forms", who=ADMIN))["items"] == [new]


async def test_there_is_one_form_for_each_product_and_category(world: World) -> None:
    key = {"Idempotency-Key": "k1"}
    body = {"fields": FIELDS, "category": "data"}
    first = await ask(world, "POST", "/v1/ticket-forms", body, 201, ADMIN, key)
    assert (await ask(world, "POST", "/v1/ticket-forms", body, 201, ADMIN, key))["id"] == first["id"]
    refused = await ask(world, "POST", "/v1/ticket-forms", body, 409, ADMIN)
    assert (refused["type"], first["id"] in refused["detail"]) == ("urn:bihuan:problem:form-exists", True)
    await ask(world, "POST", "/v1/ticket-forms", {**body, "product": "PR-nothing"}, 422, ADMIN)
    erp = await product(world)
    await declared(world, FIELDS, product=erp["id"], category="data")


async def test_of_two_replicas_one_declares(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has looked before the other wrote."""
    runtime = world.runtimes["intake"]
    products = world.apps["intake"].state.service.products
    replicas = [FormHandlers(runtime.store(TicketForms), products, runtime.now) for _ in range(2)]

    async def looks(*_: object) -> None:
        return None

    monkeypatch.setattr(FormHandlers, "_require_room", looks)
    adding = [one.add("", "", [], True, Origin("admin", key=f"k{n}")) for n, one in enumerate(replicas)]
    done = await asyncio.gather(*adding, return_exceptions=True)
    assert [type(one) for one in done if isinstance(one, Exception)] == [domain.FormExists]


async def test_there_is_an_end_to_forms_and_versions(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "MOST_FORMS", 1)
    monkeypatch.setattr(domain, "MOST_VERSIONS", 2)
    new = await declared(world, FIELDS)
    await ask(world, "POST", "/v1/ticket-forms", {"fields": [], "category": "data"}, 409, ADMIN)
    for fields in ([SERIAL], [DATABASE]):
        new = await ask(world, "PATCH", f"/v1/ticket-forms/{new['id']}", {"fields": fields}, who=ADMIN)
    assert (new["current"]["number"], new["earlier"]) == (3, [2])


async def test_a_ticket_is_asked_answers_and_is_amended_by_its_form(world: World) -> None:
    erp = await product(world)
    form = await declared(world, FIELDS, product=erp["id"])
    ticket = await opened(world, **NEW, custom_fields={"serial": "SN-0001"})
    assert ticket["form"] == {"form": form["id"], "number": 1}
    assert (ticket["problem"]["product"], ticket["problem"]["custom_fields"]) == ("环通 ERP", {"serial": "SN-0001"})
    assert [one["field"] for one in ticket["questions"]] == ["module", "database"]
    path = f"/v1/tickets/{ticket['ticket']}"
    refused = await ask(world, "POST", f"{path}/answers", {"answers": {"database": "x"}}, 422, WANG)
    assert (refused["errors"][0]["field"], "请从以下选项中选择" in refused["detail"]) == ("body.answers.database", True)
    answered = await ask(world, "POST", f"{path}/answers", {"answers": {"database": "达梦 8"}}, 200, WANG)
    assert answered["problem"]["custom_fields"] == {"serial": "SN-0001", "database": "dm8"}
    await ask(world, "PATCH", path, {"custom_fields": {"serial": "1"}}, 422)
    amended = await ask(world, "PATCH", path, {"custom_fields": {"serial": ""}, "module": "报表中心"})
    left = [one["field"] for one in amended["questions"]]
    assert (amended["problem"]["custom_fields"], left) == ({"database": "dm8"}, ["serial"])
    entries = (await ask(world, "GET", f"{path}/timeline"))["items"]
    changes = [one for entry in entries for one in entry["changes"] if one["field"] == "custom_fields.serial"]
    assert [(one["before"], one["after"]) for one in changes] == [("SN-0001", None)]
    assert world.published(TicketOpened)[0].problem.custom_fields == {"serial": "SN-0001"}


@pytest.mark.parametrize(
    ("custom", "field"),
    [({"serial": "1"}, "serial"), ({"nothing": "x"}, "nothing"), ({"module": "x"}, "module")],
)
async def test_a_ticket_with_a_wrong_field_is_not_opened(world: World, custom: dict[str, str], field: str) -> None:
    erp = await product(world)
    await declared(world, FIELDS, product=erp["id"])
    refused = await ask(world, "POST", "/v1/tickets", {**NEW, "custom_fields": custom}, 422, WANG)
    assert refused["errors"][0]["field"] == f"body.custom_fields.{field}"
    assert world.published(TicketOpened) == []


async def test_a_category_asks_by_its_form_once(world: World) -> None:
    form = await declared(world, [{"key": "module"}, SERIAL], category="function")
    number = (await opened(world))["ticket"]
    await to_verification(world, number)
    asked = [event for event in world.published(TicketQuestionsAsked) if not event.at_opening]
    assert [([one.field for one in event.questions], event.first) for event in asked] == [(["serial"], 4)]
    ticket: dict[str, Any] = await ask(world, "GET", f"/v1/tickets/{number}")
    assert ticket["form"] == {"form": form["id"], "number": 1}


async def test_a_replica_sees_what_another_declared(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime, products = world.runtimes["intake"], world.apps["intake"].state.service.products
    there = FormHandlers(runtime.store(TicketForms), products, runtime.now)
    assert not (await there.known()).applied("").is_declared
    form = await declared(world, FIELDS)
    monkeypatch.setattr(there._all._cache, "_fresh_for", -1)
    assert (await there.known()).applied("").form == form["id"]
    await ask(world, "PATCH", f"/v1/ticket-forms/{form['id']}", {"active": False}, who=ADMIN)
    assert not (await there.known()).applied("").is_declared
