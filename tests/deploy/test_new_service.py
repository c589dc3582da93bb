"""The template of a service as it stands, and a service that is made of it."""

import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.template.app import create_app as template
from services.intake.app import create_app as intake
from shared.events import Problem, TicketCompleted, TicketReopened
from shared.testing import AGENT, NOON, WANG, Servers, World, running
from tests.journeys.desk import COMPLETE, Desk

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 150  # lines of the whole template


@pytest.fixture(scope="module")
async def world(servers: Servers) -> AsyncIterator[World]:
    async with running(servers, intake, template) as world:
        yield world


@pytest.fixture(scope="module")
async def ticket(world: World) -> str:
    return await Desk(world).open(COMPLETE)


async def test_the_template_keeps_a_record_of_each_ticket(world: World, ticket: str) -> None:
    async with world.as_(AGENT, "template") as client:
        answer = await client.get(f"/v1/template-records/{ticket}")
    assert answer.json() == {"ticket": ticket, "title": COMPLETE["title"], "is_open": True, "note": ""}
    assert answer.headers["etag"] == '"1"'


async def test_staff_annotate_it_and_nobody_overwrites_what_they_did_not_see(world: World, ticket: str) -> None:
    address = f"/v1/template-records/{ticket}/note"
    async with world.as_(AGENT, "template") as client:
        first = await client.put(address, json={"note": "called"}, headers={"If-Match": '"1"'})
        second = await client.put(address, json={"note": "not seen"}, headers={"If-Match": '"1"'})
    async with world.as_(WANG, "template") as client:
        refused = await client.put(address, json={"note": "mine"})
    assert first.json()["note"] == "called"
    assert [first.status_code, second.status_code, refused.status_code] == [200, 412, 403]


async def test_facts_in_any_order_leave_it_as_the_newest_says(world: World, ticket: str) -> None:
    problem = Problem(title="x", description="x")
    closed = TicketCompleted(subject=ticket, time=NOON, revision=7, problem=problem, customer="c-1", opened_at=NOON)
    opened = TicketReopened(subject=ticket, time=NOON, revision=9, reason="again", round=2)
    records = world.apps["template"].state.service
    for event in (opened, closed):
        await records.hear(event)
    assert (await records.store.get(ticket)).is_open


def test_whoever_reads_its_documents_is_told_what_each_thing_is(world: World) -> None:
    document = world.apps["template"].openapi()
    schemas = document["components"]["schemas"]
    operations = [one for path, methods in document["paths"].items() if "records" in path for one in methods.values()]
    assert len(operations) == 2
    assert all(one["description"] for one in operations)
    fields = [*schemas["RecordView"]["properties"].values(), *schemas["Note"]["properties"].values()]
    assert len(fields) == 5
    assert all(one.get("description") for one in fields)
    assert schemas["Note"]["examples"]


def test_it_is_short() -> None:
    lines = [len(path.read_text("utf-8").splitlines()) for path in (ROOT / "deploy" / "template").rglob("*.py")]
    assert 50 < sum(lines) < LONGEST


# ---- a service made of it


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with one more service."""
    copy = tmp_path_factory.mktemp("checkout")
    for folder in ("services", "shared", "deploy"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    made = run(copy, "-m", "deploy.new_service", "billing")
    assert made.returncode == 0, made.stderr
    assert "services/billing/app.py" in made.stdout
    return copy


def run(where: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=where, capture_output=True, text=True, timeout=60)


def test_everything_learns_of_it_from_the_one_list(checkout: Path) -> None:
    script = """
import asyncio, json
from deploy.contracts.openapi import openapi
from deploy.contracts.wiring import services
from deploy.local.options import FIXED_PORTS, Options
found = asyncio.run(services())
[billing] = [one for one in found if one.name == "billing"]
print(json.dumps([
    sorted(one.kind for one in billing.listens_to),
    [path for path in openapi(found)["paths"] if "billing-records" in path],
    Options().process_names[-1],
    FIXED_PORTS["billing"],
]))
"""
    asked = run(checkout, "-c", script)
    assert asked.returncode == 0, asked.stderr
    assert asked.stdout.count("billing-records") == 2
    assert '["ticket.completed", "ticket.opened", "ticket.reopened"]' in asked.stdout
    assert asked.stdout.strip().endswith('"billing", 8106]')


def test_it_is_as_well_kept_as_the_others(checkout: Path) -> None:
    imports = Path(sys.executable).with_name("lint-imports")
    for command in ([str(imports)], ["ruff", "check", "services"], ["ruff", "format", "--check", "services"]):
        program = command[0] if command[0].startswith("/") else str(imports.with_name(command[0]))
        done = subprocess.run([program, *command[1:]], cwd=checkout, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["intake", "template", "Billing", "a b", "../x", "x" * 30, "", "1st"])
def test_a_name_that_cannot_be_one_is_refused_and_nothing_is_written(checkout: Path, name: str) -> None:
    before = sorted(checkout.rglob("*.py"))
    refused = run(checkout, "-m", "deploy.new_service", name)
    assert refused.returncode == 1
    assert "·" in refused.stderr  # in both languages
    assert sorted(checkout.rglob("*.py")) == before
