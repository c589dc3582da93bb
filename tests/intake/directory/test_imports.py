"""Imports: rehearsed first, repeated without effect, rows that contradict the records refused."""

from typing import Any

import pytest

from services.intake.directory.sheets import COMPANY_COLUMNS, MAX_ROWS, rows_of
from shared.domain import Invalid
from shared.testing import World
from tests.intake.directory.scene import ask, company, contact

SINGULAR = {"companies": "company", "contacts": "contact"}
COMPANIES = (
    "\ufeff名称,别名,邮箱域名,等级\r\n"
    "华东贸易有限公司,华东贸易；华东,huadong.example,gold\r\n"
    "北方证券,,north.example,\r\n"
)
CONTACTS = (
    "name,company,emails,phones\n王敏,华东贸易,wm@huadong.example;wang@home.example,138 0013 8000\n李四,,,02155550101\n"
)


async def taken(world: World, what: str, **body: Any) -> dict[str, Any]:
    return await ask(world, "POST", f"/v1/{SINGULAR[what]}-imports", body)


def outcomes(report: dict[str, Any]) -> list[str]:
    return [row["outcome"] for row in report["rows"]]


async def test_a_sheet_is_rehearsed_taken_and_taken_again(world: World) -> None:
    rehearsed = await taken(world, "companies", csv=COMPANIES)
    assert (rehearsed["dry_run"], outcomes(rehearsed), rehearsed["created"]) == (True, ["created", "created"], 2)
    assert (await ask(world, "GET", "/v1/companies"))["items"] == []
    done = await taken(world, "companies", csv=COMPANIES, dry_run=False)
    assert [row["id"] for row in done["rows"]] == [row["id"] for row in rehearsed["rows"]]
    again = await taken(world, "companies", csv=COMPANIES, dry_run=False)
    assert outcomes(again) == ["unchanged", "unchanged"]
    found = await ask(world, "GET", f"/v1/companies/{done['rows'][0]['id']}")
    assert (found["aliases"], found["domains"], found["tier"]) == (["华东贸易", "华东"], ["huadong.example"], "gold")
    for dry_run in (True, False, False):
        people = await taken(world, "contacts", csv=CONTACTS, dry_run=dry_run)
    assert outcomes(people) == ["unchanged", "unchanged"]
    wang = await ask(world, "GET", f"/v1/contacts/{people['rows'][0]['id']}")
    assert (wang["company"], wang["emails"]) == (found["id"], ["wm@huadong.example", "wang@home.example"])


async def test_what_is_there_gets_what_it_lacks_and_loses_nothing(world: World) -> None:
    there = await contact(world, "王敏", emails=["WM@x.example"], position="IT")
    row = {"name": "Wang Min", "emails": ["wm@x.example", "w@y.example"], "phones": ["13800138000"]}
    for dry_run, expected in ((True, "changed"), (False, "changed"), (False, "unchanged")):
        report = await taken(world, "contacts", rows=[row], dry_run=dry_run)
        assert (outcomes(report), report["rows"][0]["id"]) == ([expected], there["id"])
    found = await ask(world, "GET", f"/v1/contacts/{there['id']}")
    assert (found["name"], found["position"], found["phones"]) == ("王敏", "IT", ["+8613800138000"])
    assert found["emails"] == ["WM@x.example", "w@y.example"]


@pytest.mark.parametrize("dry_run", [True, False])
async def test_rows_that_contradict_are_refused_and_the_others_taken(world: World, dry_run: bool) -> None:
    first = await company(world)
    await company(world, name="北方证券", aliases=[], domains=["north.example"])
    rows = [
        {"name": "华东商贸", "domains": ["huadong.example"]},
        {"name": "华东贸易", "aliases": ["北方证券"]},
        {"name": "东海", "domains": ["qq.com"]},
        {"name": "南方", "domains": ["south.example"]},
        {"name": "南方", "tier": "gold"},
    ]
    report = await taken(world, "companies", rows=rows, dry_run=dry_run)
    assert outcomes(report) == ["refused", "refused", "refused", "created", "changed"]
    assert all(first["id"] in report["rows"][n]["reason"] for n in (0, 1))
    assert (report["refused"], report["rows"][3]["id"]) == (3, report["rows"][4]["id"])


async def test_nobody_is_taken_for_another_by_name_or_telephone(world: World) -> None:
    await contact(world, "李四", emails=["a@x.example"], phones=["02155550101"])
    sheet = "姓名,邮箱,电话\n李四,b@x.example,02155550101\n李四,,02155550101\n李四,,\n李四,不是邮箱,\n,c@x.example,\n"
    report = await taken(world, "contacts", csv=sheet, dry_run=False)
    assert outcomes(report) == ["created", "created", "refused", "refused", "refused"]
    assert [row["row"] for row in report["rows"]] == [1, 2, 3, 4, 5]
    assert report["rows"][3]["reason"] in ("Not valid: emails", "内容无效：emails")


async def test_a_contact_of_a_company_that_is_not_there_is_refused(world: World) -> None:
    report = await taken(world, "contacts", csv="name,company,emails\n王,没有这家,a@x.example\n", dry_run=False)
    assert (outcomes(report), "没有这家" in report["rows"][0]["reason"]) == (["refused"], True)


@pytest.mark.parametrize(
    "body", [{}, {"csv": "name\nx", "rows": [{"name": "x"}]}, {"csv": "x,y\n1,2"}, {"csv": "tier\nx"}]
)
async def test_what_is_no_import_is_refused(world: World, body: dict[str, Any]) -> None:
    await ask(world, "POST", "/v1/company-imports", {**body, "dry_run": False}, 422)
    assert (await ask(world, "GET", "/v1/companies"))["items"] == []


@pytest.mark.parametrize("text", ["name,name\nx,y", 'name\n"x', "name\n" + "x\n" * (MAX_ROWS + 1), "", "x" * 900_000])
def test_a_sheet_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        rows_of(text, COMPANY_COLUMNS)


def test_cells_that_are_missing_or_too_many_are_left_out() -> None:
    assert rows_of("name,tier\nx\n\ny,gold,more\n", COMPANY_COLUMNS) == [{"name": "x"}, {"name": "y", "tier": "gold"}]
