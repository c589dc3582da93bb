"""Products over HTTP: what belongs to one alone, what a change leaves alone, and how much there can be."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.intake.products import handlers
from services.intake.products.handlers import ProductHandlers
from services.intake.products.store import ProductStore
from shared.domain import Conflict, Origin
from shared.events import ProductReleaseUpcoming, ProductVersionReleased
from shared.testing import ADMIN, AGENT, NOON, WANG, World
from tests.intake.directory.scene import ask
from tests.intake.products.scene import CRM, ERP, product

ZONE = ZoneInfo("Asia/Shanghai")


async def test_a_product_is_recorded_read_amended_and_found(world: World) -> None:
    new = await product(world)
    path = f"/v1/products/{new['id']}"
    assert (new["name"], new["modules"][0]["key"], new["versions"][0]["released"]) == (
        "环通 ERP",
        "reports",
        "2026-01-15",
    )
    assert (await ask(world, "GET", path, who=WANG)) == new
    versions = [{"name": "V3.3"}, {"name": "V3.2", "status": "ended", "supported_until": "2026-12-31"}]
    amended = await ask(world, "PATCH", path, {"versions": versions}, headers={"If-Match": '"1"'}, who=ADMIN)
    assert [one["status"] for one in amended["versions"]] == ["supported", "ended"]
    assert (amended["modules"], amended["aliases"], amended["version"]) == (new["modules"], ["环通"], 2)
    await ask(world, "PATCH", path, {"active": False}, 412, headers={"If-Match": '"1"'})
    await ask(world, "PATCH", path, {}, 422)
    for found in ("name=ｈｕａｎｔｏｎｇ-erp", "name=环通", "active=true", ""):
        assert [one["id"] for one in (await ask(world, "GET", f"/v1/products?{found}"))["items"]] == [new["id"]], found
    for missed in ("name=环通 CRM", "active=false"):
        assert (await ask(world, "GET", f"/v1/products?{missed}"))["items"] == [], missed


async def test_customers_and_agents_read_products_and_keep_none(world: World) -> None:
    new = await product(world)
    for who in (WANG, AGENT):
        await ask(world, "POST", "/v1/products", CRM, 403, who=who)
        await ask(world, "PATCH", f"/v1/products/{new['id']}", {"active": False}, 403, who=who)
        assert (await ask(world, "GET", "/v1/products", who=who))["items"] == [new]


@pytest.mark.parametrize(
    "other", [{"key": "erp"}, {"name_en": "ＨＵＡＮＴＯＮＧ ＥＲＰ"}, {"aliases": ["CRM", "环 通"]}], ids=str
)
async def test_a_key_or_name_is_one_products(world: World, other: dict[str, Any]) -> None:
    first = await product(world)
    refused = await ask(world, "POST", "/v1/products", {**CRM, **other}, 409)
    assert (refused["type"], first["id"] in refused["detail"]) == ("urn:bihuan:problem:already-recorded", True)
    second = await product(world, **{**ERP, **CRM, "aliases": []})
    if "key" not in other:
        refused = await ask(world, "PATCH", f"/v1/products/{second['id']}", other, 409)
        assert first["id"] in refused["detail"]
        assert (await ask(world, "GET", f"/v1/products/{second['id']}"))["version"] == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"name_zh": "", "name_en": ""},
        {"key": "Ä"},
        {"modules": [{"key": "a"}]},
        {"modules": [{"key": "a", "name_zh": "报表"}, {"key": "b", "name_zh": "报 表"}]},
        {"modules": [{"key": "a", "name_zh": "甲"}, {"key": "a", "name_zh": "乙"}]},
        {"versions": [{"name": "V3.2"}, {"name": "v3.2"}]},
        {"versions": [{"name": "V3.2", "status": "old"}]},
        {"modules": [{"key": f"m{n}", "name_zh": f"模{n}", "aliases": [f"{n} {'长' * 70} {a}" for a in range(9)]}
                     for n in range(50)]},
    ],
    ids=lambda one: str(one)[:40],
)  # fmt: skip
async def test_what_is_no_product_is_refused(world: World, wrong: dict[str, Any]) -> None:
    refused = await ask(world, "POST", "/v1/products", {**ERP, **wrong}, 422)
    assert all(one["field"].startswith("body") for one in refused["errors"])
    assert (await ask(world, "GET", "/v1/products"))["items"] == []


async def test_the_same_request_adds_one(world: World) -> None:
    key = {"Idempotency-Key": "k1"}
    first = await ask(world, "POST", "/v1/products", ERP, 201, headers=key)
    assert (await ask(world, "POST", "/v1/products", ERP, 201, headers=key))["id"] == first["id"]
    await ask(world, "POST", "/v1/products", CRM, 422, headers=key)
    await ask(world, "POST", "/v1/products", ERP, 409)


async def test_there_is_an_end_to_products(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "MOST_PRODUCTS", 1)
    await product(world)
    refused = await ask(world, "POST", "/v1/products", CRM, 409)
    assert refused["type"] == "urn:bihuan:problem:limit-reached"


async def test_of_two_replicas_one_gives_a_name_away(world: World) -> None:
    """Each has looked before the other wrote."""
    runtime = world.runtimes["intake"]

    class Late(ProductStore):
        async def holders(self, keys: object) -> list[str]:
            return []

    replicas = [ProductHandlers(runtime.store(Late), ZONE, runtime.now) for _ in range(2)]
    adding = [
        one.add({"key": key, "name_zh": "环通"}, Origin("lead", key=key))
        for one, key in zip(replicas, "ab", strict=True)
    ]
    done = await asyncio.gather(*adding, return_exceptions=True)
    assert [type(one) for one in done if isinstance(one, Exception)] == [Conflict]


async def test_a_replica_sees_what_another_changed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """As soon as what it keeps is no longer fresh; it reads again only what was changed."""
    runtime = world.runtimes["intake"]
    here, there = (ProductHandlers(runtime.store(ProductStore), ZONE, runtime.now) for _ in range(2))
    erp = await here.add(dict(ERP), Origin("lead"))
    assert (await there.known()).id_of("环通") == erp.id
    same = await there.known()
    await here.amend(erp.id, {"aliases": ["HT"]}, Origin("lead"))
    assert (await here.known()).id_of("ht") == erp.id
    assert await there.known() is same
    monkeypatch.setattr(there._all._cache, "_fresh_for", -1)
    assert ((await there.known()).id_of("ht"), (await there.known()).id_of("环通")) == (erp.id, "")
    assert await there.known() is await there.known()


async def test_a_version_that_is_supported_from_now_on_is_told_once(world: World) -> None:
    new = await product(world, versions=[{"name": "V3.2"}, {"name": "V4", "status": "planned"}])
    path = f"/v1/products/{new['id']}"
    for versions in (
        [{"name": "V3.2"}, {"name": "V3.3"}, {"name": "V4", "status": "planned"}],
        [{"name": "v 3.2"}, {"name": "V3.3"}, {"name": "V4"}],
    ):
        await ask(world, "PATCH", path, {"versions": versions}, who=ADMIN)
    await ask(world, "PATCH", path, {"aliases": ["环通"]}, who=ADMIN)
    await world.settle()
    told = world.published(ProductVersionReleased)
    assert [one.version for one in told] == ["V3.2", "V3.3", "V4"]
    assert {"erp", "环通 ERP"} <= set(told[-1].names)


VERSIONS: list[dict[str, Any]] = [
    {"name": "V3.1", "released": "2025-06-01"},
    {"name": "V3.0", "status": "ended", "released": "2025-01-01"},
    {"name": "V3.2", "released": "2026-01-15"},
    {"name": "V3.3", "status": "planned", "released": "2026-04-01"},
    {"name": "V4", "status": "planned"},
]


async def test_a_planned_version_is_told_two_weeks_before_its_day_once(world: World) -> None:
    new = await product(world, versions=VERSIONS)
    await world.pass_time(days=14)
    assert world.published(ProductReleaseUpcoming) == []
    await world.pass_time(days=2)
    [told] = world.published(ProductReleaseUpcoming)
    assert (told.version, told.predecessors, told.product) == ("V3.3", ["V3.2", "V3.1"], "环通 ERP")
    assert told.goes_live_at == datetime(2026, 3, 31, 16, tzinfo=UTC)
    later = [{**one, "released": "2026-05-01"} if one["name"] == "V3.3" else one for one in VERSIONS]
    await ask(world, "PATCH", f"/v1/products/{new['id']}", {"versions": later}, who=ADMIN)
    await world.pass_time(days=60)
    assert world.published(ProductReleaseUpcoming) == [told]


async def test_one_that_is_planned_late_is_told_at_once_and_one_that_is_offered_no_more_never(world: World) -> None:
    soon = f"{NOON + timedelta(days=3):%Y-%m-%d}"
    new = await product(world, versions=VERSIONS)
    await ask(world, "PATCH", f"/v1/products/{new['id']}", {"active": False}, who=ADMIN)
    crm = await ask(world, "POST", "/v1/products", CRM, 201)
    versions = [{"name": "V1", "status": "planned", "released": soon}]
    await ask(world, "PATCH", f"/v1/products/{crm['id']}", {"versions": versions}, who=ADMIN)
    await world.pass_time(days=60)
    assert [(one.version, one.predecessors) for one in world.published(ProductReleaseUpcoming)] == [("V1", [])]


async def test_two_replicas_tell_of_it_once(world: World) -> None:
    await product(world, versions=VERSIONS)
    handlers_of = world.apps["intake"].state.service.products
    [known] = (await handlers_of.known()).all
    world.time += timedelta(days=20)
    await asyncio.gather(*(handlers_of.announce_due([known.id]) for _ in range(3)))
    await world.settle()
    assert len(world.published(ProductReleaseUpcoming)) == 1
