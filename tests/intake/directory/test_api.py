"""Records over HTTP: what belongs to one alone, what is shared, merging, doubles, lists."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from services.intake.directory.companies import Company, new_company
from services.intake.directory.handlers import DirectoryHandlers
from services.intake.directory.store import Directory
from shared.domain import Conflict, Origin
from shared.store import Row
from shared.testing import AGENT, CHEN, LEAD, NOON, WANG, World
from tests.intake.directory.scene import HUADONG, ask, company, contact


async def test_a_company_is_recorded_read_amended_and_found(world: World) -> None:
    new = await company(world, tier="gold", phones=["(021) 5555-0101"], owner="a-lin", policy="gold")
    path = f"/v1/companies/{new['id']}"
    assert (new["phones"], new["tier"], new["owner"], new["added_by"]) == (["+862155550101"], "gold", "a-lin", LEAD.sub)
    amended = await ask(world, "PATCH", path, {"aliases": ["华东"], "owner": ""}, headers={"If-Match": '"1"'})
    assert (amended["aliases"], amended["owner"], amended["tier"]) == (["华东"], "", "gold")
    await ask(world, "PATCH", path, {"owner": None}, 422)
    await ask(world, "PATCH", path, {"tier": "silver"}, 412, headers={"If-Match": '"1"'})
    for found in ("name=华 东", "domain=HUADONG.example", "phone=02155550101", "tier=gold", "owner="):
        assert [one["id"] for one in (await ask(world, "GET", f"/v1/companies?{found}"))["items"]] == [new["id"]], found
    for missed in ("name=华东贸易", "name=华东&tier=silver", "domain=other.example", "phone=8001"):
        assert (await ask(world, "GET", f"/v1/companies?{missed}"))["items"] == [], missed
    await ask(world, "GET", f"/v1/contacts/{new['id']}", status=404)


@pytest.mark.parametrize(
    "other", [{"name": "ＨＤ"}, {"name": "x", "aliases": ["hd"]}, {"name": "x", "domains": ["hd.example"]}]
)
async def test_a_name_or_domain_is_one_companys(world: World, other: dict[str, object]) -> None:
    first = await company(world, name="HD", aliases=[], domains=["hd.example"])
    refused = await ask(world, "POST", "/v1/companies", other, 409)
    assert (refused["type"], first["id"] in refused["detail"]) == ("urn:bihuan:problem:already-recorded", True)
    second = await company(world, name="y", aliases=[], domains=["y.example"])
    path = f"/v1/companies/{second['id']}"
    refused = await ask(world, "PATCH", path, {k: v for k, v in other.items() if v != "x"}, 409)
    assert first["id"] in refused["detail"]
    assert (await ask(world, "GET", path))["version"] == second["version"]


@pytest.mark.parametrize("domain", ["qq.com", "com.cn", "x", "a b.example", "-x.example", "@x.example"])
async def test_a_domain_of_everybody_is_no_companys(world: World, domain: str) -> None:
    refused = await ask(world, "POST", "/v1/companies", {"name": "x", "domains": [domain]}, 422)
    assert [one["field"][:12] for one in refused["errors"]] == ["body.domains"]
    assert (await ask(world, "GET", "/v1/companies"))["items"] == []


async def test_the_same_request_is_the_same_record_and_another_is_told_of_it(world: World) -> None:
    key = {"Idempotency-Key": "k1"}
    first = await ask(world, "POST", "/v1/companies", HUADONG, 201, headers=key)
    await ask(world, "PATCH", f"/v1/companies/{first['id']}", {"tier": "gold"})
    again = await ask(world, "POST", "/v1/companies", HUADONG, 201, headers=key)
    assert (again["id"], again["tier"]) == (first["id"], "gold")
    await ask(world, "POST", "/v1/companies", {**HUADONG, "tier": "gold"}, 422, headers=key)
    await ask(world, "POST", "/v1/companies", HUADONG, 409, headers={"Idempotency-Key": "k2"})


async def test_a_name_that_was_given_up_may_be_another_companys(world: World) -> None:
    first = await company(world)
    await ask(world, "PATCH", f"/v1/companies/{first['id']}", {"name": "华东控股", "aliases": [], "domains": []})
    second = await company(world)
    assert second["id"] != first["id"]
    assert second["customer"] != first["customer"]


async def test_of_two_replicas_one_gives_an_address_away(world: World) -> None:
    """Each has looked before the other wrote."""
    runtime = world.runtimes["intake"]

    class Late(Directory):
        async def holders(self, keys: Sequence[str]) -> list[Row]:
            return []

    replicas = [DirectoryHandlers(runtime.store(Late), runtime.now) for _ in range(2)]

    async def add(n: int) -> Company:
        def make(attempt: int) -> Company:
            return new_company({"name": f"公司{n}", "domains": ["one.example"]}, "a", NOON, attempt)

        return await replicas[n].add(make, Origin("a", key=f"k{n}"))

    done = await asyncio.gather(add(0), add(1), return_exceptions=True)
    assert [type(one) for one in done if isinstance(one, Exception)] == [Conflict]
    assert len((await ask(world, "GET", "/v1/companies?domain=one.example"))["items"]) == 1


async def test_a_contact_is_known_by_addresses_and_never_by_name_or_telephone_alone(world: World) -> None:
    first = await contact(world, "李娜", emails=["Li.Na@a.example"], phones=["13800138000"])
    other = await contact(world, "李娜", emails=["li.na@b.example"], phones=["138-0013-8000"])
    assert first["id"] != other["id"]
    await ask(world, "POST", "/v1/contacts", {"name": "Li Na", "emails": ["li.na@A.example"]}, 409)
    await ask(world, "POST", "/v1/contacts", {"name": "李娜"}, 422)
    await ask(world, "POST", "/v1/contacts", {"name": "李四", "company": "CO-none", "phones": ["13800138000"]}, 422)
    await ask(world, "PATCH", f"/v1/contacts/{first['id']}", {"emails": [], "phones": []}, 422)
    found = await ask(world, "GET", "/v1/contacts?phone=13800138000")
    assert [one["id"] for one in found["items"]] == sorted([first["id"], other["id"]])
    for query in ("email=li.na@A.example", "email=li.na@a.example&phone=13800138000"):
        assert [one["id"] for one in (await ask(world, "GET", f"/v1/contacts?{query}"))["items"]] == [first["id"]]


async def test_a_merge_is_a_pointer_and_is_taken_back(world: World) -> None:
    a, b, c = [(await contact(world, f"王{n}", subs=[f"u-{n}"]))["id"] for n in "abc"]
    for one, into in ((a, b), (b, c), (a, b)):
        merged = await ask(world, "POST", f"/v1/contacts/{one}/merge", {"into": into, "reason": "同一人"})
    assert (merged["id"], sorted(one["id"] for one in merged["merged"])) == (c, sorted([a, b]))
    for one in (a, b, c):
        assert (await ask(world, "GET", f"/v1/contacts/{one}"))["id"] == c
    circle = await ask(world, "POST", f"/v1/contacts/{c}/merge", {"into": a, "reason": "x"}, 409)
    assert circle["type"] == "urn:bihuan:problem:already-one"
    await ask(world, "PATCH", f"/v1/contacts/{a}", {"position": "x"}, 409)
    undone = await ask(world, "POST", f"/v1/contacts/{a}/unmerge", {"reason": "两个人"})
    assert (undone["id"], undone["into"], undone["subs"]) == (a, "", ["u-a"])
    [record] = undone["merges"]
    assert (record["into"], record["by"], record["undone_by"], record["undone_reason"]) == (
        b,
        LEAD.sub,
        LEAD.sub,
        "两个人",
    )
    assert [one["id"] for one in (await ask(world, "GET", f"/v1/contacts/{c}"))["merged"]] == [b]
    await ask(world, "POST", f"/v1/contacts/{b}/merge", {"into": (await company(world))["id"], "reason": "x"}, 404)


async def test_who_say_the_opposite_at_once_do_not_turn_in_a_circle(world: World) -> None:
    a, b = [(await contact(world, f"王{n}", subs=[f"u-{n}"]))["id"] for n in "ab"]
    store = world.apps["intake"].state.service.directory.store
    for one, into in ((a, b), (b, a)):
        await store.change(one, lambda party, into=into: party.merge(into, "x", "l", NOON), Origin("l"))
    whole = await ask(world, "GET", f"/v1/contacts/{a}")
    assert (whole["id"], [one["id"] for one in whole["merged"]]) == (min(a, b), [max(a, b)])
    await ask(world, "POST", f"/v1/contacts/{a}/unmerge", {"reason": "x"})
    assert (await ask(world, "GET", f"/v1/contacts/{b}"))["id"] == a


async def test_doubles_are_suggested_with_reasons_and_merged_by_nobody(world: World) -> None:
    first = await company(world, phones=["02155550101"])
    others: list[dict[str, Any]] = [
        {"name": "上海华东贸易股份有限公司"},
        {"name": "华东贸易科技有限公司", "domains": ["huadong.com"]},
        {"name": "西北矿业", "phones": ["02155550101"]},
        {"name": "东海渔业"},
    ]
    for n, facts in enumerate(others):
        known: dict[str, Any] = {"aliases": [], "domains": [f"d{n}.example"], **facts}
        await company(world, **known)
    found = (await ask(world, "GET", f"/v1/companies/{first['id']}/doubles"))["items"]
    assert {one["name"]: one["reasons"] for one in found} == {
        "华东贸易科技有限公司": ["similar_name", "same_domain_name"],
        "上海华东贸易股份有限公司": ["same_core"],
        "西北矿业": ["same_phone"],
    }
    assert found[0]["name"] == "华东贸易科技有限公司"
    await ask(world, "POST", f"/v1/companies/{found[0]['id']}/merge", {"into": first["id"], "reason": "同一企业"})
    found = (await ask(world, "GET", f"/v1/companies/{first['id']}/doubles"))["items"]
    assert "华东贸易科技有限公司" not in {one["name"] for one in found}


async def test_people_of_one_name_are_doubles_only_with_another_reason(world: World) -> None:
    work = (await company(world))["id"]
    first = await contact(world, "李娜", emails=["a@x.example"], company=work, phones=["13800138000"])
    await contact(world, "李 娜", emails=["b@x.example"], company=work)
    await contact(world, "李思", emails=["c@x.example"], phones=["13800138000"])
    await contact(world, "李娜", emails=["d@x.example"])
    found = (await ask(world, "GET", f"/v1/contacts/{first['id']}/doubles"))["items"]
    assert {one["name"]: one["reasons"] for one in found} == {
        "李 娜": ["same_name_in_company"],
        "李思": ["same_phone"],
    }


async def test_lists_are_by_name_in_pages(world: World) -> None:
    work = (await company(world))["id"]
    names = [f"王\u3000{n:03}" for n in range(7)]
    for name in reversed(names):
        await contact(world, name, emails=[f"{name[-3:]}@x.example"], company=work)
    await contact(world, "张", emails=["z@x.example"])
    for path, expected in ((f"/v1/contacts?company={work}", names), ("/v1/contacts?", ["张", *names])):
        found: list[str] = []
        after = ""
        while after is not None:
            page = await ask(world, "GET", f"{path}&limit=3" + (f"&after={after}" if after else ""))
            found += [one["name"] for one in page["items"]]
            after = page["next"]
        assert sorted(found) == sorted(name.replace("\u3000", "\u3000") for name in expected)
    assert len((await ask(world, "GET", "/v1/companies"))["items"]) == 1


async def test_who_may_not_change_or_merge(world: World) -> None:
    new = await contact(world, emails=["a@x.example"])
    path = f"/v1/contacts/{new['id']}"
    for who, method, there, body, status in (
        (WANG, "GET", path, None, 403),
        (WANG, "GET", "/v1/companies", None, 403),
        (CHEN, "GET", path, None, 200),
        (CHEN, "PATCH", path, {"position": "x"}, 403),
        (AGENT, "PATCH", path, {"position": "x"}, 200),
        (AGENT, "POST", f"{path}/merge", {"into": new["id"], "reason": "x"}, 403),
        (AGENT, "POST", "/v1/contact-imports", {"csv": "name\nx"}, 403),
    ):
        await ask(world, method, there, body, status, who)
    left = await ask(world, "GET", path)
    assert (left["position"], left["version"]) == ("x", new["version"] + 1)
    assert len((await ask(world, "GET", "/v1/contacts"))["items"]) == 1


async def test_a_record_at_its_limits_fits(world: World) -> None:
    """An index's key has a limit too."""
    long = "\U0001f600" * 190
    new = await company(
        world,
        name=f"{long}0",
        aliases=[f"{long}{n}" for n in range(1, 31)],
        domains=[f"{'a' * 60}.{'b' * 60}.d{n}.example" for n in range(30)],
        phones=[f"+8613800138{n:03}" for n in range(20)],
        notes="\U0001f600" * 20_000,
    )
    assert len(new["aliases"]) == 30
    await ask(world, "POST", "/v1/companies", {"name": "x", "aliases": [f"a{n}" for n in range(31)]}, 422)
    who = await contact(
        world, long, subs=[f"{long}{n}" for n in range(20)], addresses=[f"wecom:a:{long}{n}" for n in range(20)]
    )
    assert len(who["subs"]) == 20
