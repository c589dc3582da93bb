"""Exports: for spreadsheets without formulas, and whole tickets."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.cells import BOM, MOST_CHARACTERS, cell, defused, starts_formula, undefused
from shared.testing import ADMIN, AGENT, AUDITOR, LEAD, WANG, ZHAO, Person, World
from tests.intake.scene import opened

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠a",
    "  =1",
    "\u200b=1",
    "\ufeff@x",
    "−1",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_cell_that_starts_a_formula_becomes_a_text(text: str) -> None:
    assert starts_formula(text)
    assert cell(text) == f"'{text}"
    assert undefused(cell(text)) == text


@pytest.mark.parametrize("text", ["", "导出失败", "1+1", "a=b", "'", "it's", " 好", "（＝）"])
def test_others_stay_as_they_are(text: str) -> None:
    assert cell(text) == text == undefused(text)


def test_numbers_are_numbers_and_long_texts_are_cut() -> None:
    assert (cell(-5), cell(None), cell(2.5)) == ("-5", "", "2.5")
    assert len(cell("长" * 40_000)) < 32_767
    assert cell("长" * MOST_CHARACTERS) == "长" * MOST_CHARACTERS


@given(st.text(alphabet="'=+-@\t\r＝ a报\n", max_size=8))
def test_whatever_it_is_it_is_read_back(text: str) -> None:
    assert undefused(defused(text)) == text
    assert not starts_formula(defused(text))


async def exported(world: World, person: Person = LEAD, **query: str) -> str:
    async with world.as_(person, "intake", **{"Accept-Language": query.pop("language", "zh")}) as client:
        answer = await client.get("/v1/ticket-exports", params=query)
    assert answer.status_code == 200, answer.text
    return answer.text


def sheet(text: str) -> list[dict[str, str]]:
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline="")))


async def test_tickets_leave_as_a_sheet_and_whole(world: World) -> None:
    first = await opened(world, title="=HYPERLINK(1)", description='第一行\n第二行，“引号”"')
    await world.pass_time(minutes=5)
    second = await opened(world, ZHAO, title="White page", description="After the login")
    rows = sheet(await exported(world, zone="Asia/Shanghai"))
    assert [row["工单编号"] for row in rows] == [first["ticket"], second["ticket"]]
    assert (rows[0]["标题"], rows[0]["问题描述"]) == ("'=HYPERLINK(1)", first["problem"]["description"])
    assert (rows[0]["提交时间"], rows[0]["状态"], rows[0]["联系人"]) == ("2026-03-02T12:00:00+08:00", "pending", "王敏")
    english = sheet(await exported(world, language="en", company="North Securities"))
    assert [(row["Ticket"], row["Email"]) for row in english] == [(second["ticket"], "zhao@north.example")]
    whole = [json.loads(line) for line in (await exported(world, ADMIN, format="jsonl")).splitlines()]
    assert [one["ticket"] for one in whole] == [first["ticket"], second["ticket"]]
    assert whole[0]["problem"]["title"] == "=HYPERLINK(1)"


async def test_all_pages_are_in_it_and_filters_hold(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.intake.transfer.exports.PAGE", 2)
    monkeypatch.setattr("services.intake.transfer.exports.AT_ONCE", 1)
    numbers = [(await opened(world, title=f"白屏 {n}", description=f"页面 {n}"))["ticket"] for n in range(5)]
    assert [row["工单编号"] for row in sheet(await exported(world))] == numbers
    whole = [json.loads(line)["ticket"] for line in (await exported(world, format="jsonl")).splitlines()]
    assert whole == numbers
    assert sheet(await exported(world, status="completed")) == []
    assert await exported(world, format="jsonl", status="completed") == ""


@pytest.mark.parametrize(("person", "status"), [(LEAD, 200), (ADMIN, 200), (AGENT, 403), (AUDITOR, 403), (WANG, 403)])
async def test_leads_and_administrators_export(world: World, person: Person, status: int) -> None:
    async with world.as_(person, "intake") as client:
        assert (await client.get("/v1/ticket-exports")).status_code == status


async def test_a_zone_has_to_be_one(world: World) -> None:
    async with world.as_(LEAD, "intake") as client:
        for zone in ("Mars/Olympus", "../../etc/passwd", "/etc/localtime"):
            answer = await client.get("/v1/ticket-exports", params={"zone": zone})
            assert answer.status_code == 422
            assert "query.zone" in answer.text
