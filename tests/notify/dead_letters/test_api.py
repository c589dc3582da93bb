"""Dead letters of all services are read and replayed in one place."""

import asyncio
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from services.kb.app import create_app as create_kb
from services.notify.app import create_app
from shared.cursor import seal
from shared.testing import ADMIN, AUDITOR, LEAD, Servers, World, running
from tests.servers import SCRIPTS, free_port, process

LETTERS = "/v1/dead-letters"


async def letters(world: World, query: str = "") -> list[Any]:
    async with world.as_(AUDITOR, "notify") as auditor:
        answer = await auditor.get(LETTERS + query)
    assert answer.status_code == 200, answer.text
    items: list[Any] = answer.json()["items"]
    return items


async def test_those_of_all_services_are_listed_and_replayed_for_the_one_that_each_is_of(servers: Servers) -> None:
    async with running(servers, create_app, create_kb) as world:
        await world.publish_raw("ticket.completed", b"rubbish")
        await world.settle()
        both = await letters(world)
        assert sorted(one["service"] for one in both) == ["kb", "notify"]
        assert all(one["error"] and "body" not in one for one in both)
        async with world.as_(AUDITOR, "notify") as auditor:
            shown = [(await auditor.get(f"{LETTERS}/{one['sequence']}")).json() for one in both]
        assert shown == [{**one, "body": "rubbish"} for one in both]
        [of_kb] = await letters(world, "?service=kb")
        [of_notify] = await letters(world, "?service=notify")
        assert await letters(world, "?service=sla") == []

        async with world.as_(ADMIN, "notify") as admin:
            replayed = await admin.post(f"{LETTERS}/{of_kb['sequence']}/replay")
            again = await admin.post(f"{LETTERS}/{of_kb['sequence']}/replay")
        assert (replayed.status_code, replayed.json(), again.status_code) == (200, of_kb, 404)
        await world.settle()
        [failed_again] = await letters(world, "?service=kb")
        assert failed_again["sequence"] > of_notify["sequence"]
        assert await letters(world, "?service=notify") == [of_notify]

        async with world.as_(ADMIN, "notify") as admin:
            page = (await admin.get(f"{LETTERS}?limit=1")).json()
            rest = (await admin.get(f"{LETTERS}?limit=1&after={page['next']}")).json()
        assert page["items"] + rest["items"] == [of_notify, failed_again]


@pytest.mark.parametrize("service", ["*", ">", "", "Kb", "kb.x", "%3E"])
async def test_what_is_no_service_is_refused(world: World, service: str) -> None:
    async with world.as_(ADMIN, "notify") as admin:
        assert (await admin.get(f"{LETTERS}?service={service}")).status_code == 422


async def test_not_everybody_reads_them_and_fewer_replay_them(world: World) -> None:
    async with world.as_(LEAD, "notify") as lead, world.as_(AUDITOR, "notify") as auditor:
        assert (await lead.get(LETTERS)).status_code == 403
        assert (await lead.get(f"{LETTERS}/1")).status_code == 403
        assert (await auditor.post(f"{LETTERS}/1/replay")).status_code == 403


@pytest.mark.parametrize("after", ["MQ", seal("things", 1), *(seal("dead letters", key) for key in (-1, 2**64, "x"))])
async def test_they_are_read_from_a_place_of_theirs(world: World, after: str) -> None:
    async with world.as_(ADMIN, "notify") as admin:
        assert (await admin.get(f"{LETTERS}?after={after}")).status_code == 422
        assert (await admin.get(f"{LETTERS}?after={seal('dead letters', 1)}")).status_code == 200


@pytest.mark.parametrize(("sequence", "status"), [("0", 422), ("-1", 422), (str(2**64), 422), ("x", 422), ("7", 404)])
async def test_only_one_that_there_is_is_replayed(world: World, sequence: str, status: int) -> None:
    async with world.as_(ADMIN, "notify") as admin:
        assert (await admin.post(f"{LETTERS}/{sequence}/replay")).status_code == status
        assert (await admin.get(f"{LETTERS}/{sequence}")).status_code == status


async def test_while_the_bus_is_away_requests_are_served_and_what_needs_it_answers_503(
    servers: Servers, tmp_path: Path
) -> None:
    port = free_port()
    command = [str(SCRIPTS / "nats-server"), "-a", "127.0.0.1", "-p", str(port), "-js", "-sd", str(tmp_path / "js")]
    with ExitStack() as nats:
        nats.enter_context(process(command, port, tmp_path / "nats.log"))
        own = replace(servers, nats_url=f"nats://127.0.0.1:{port}")
        async with running(own, create_app) as world, world.as_(ADMIN, "notify") as admin:
            assert (await admin.get(LETTERS)).json() == {"items": [], "next": None}
            nats.close()
            served = await admin.get("/v1/notifications")
            letters, replayed, not_ready = await asyncio.gather(
                admin.get(LETTERS), admin.post(f"{LETTERS}/1/replay"), admin.get("/healthz/ready")
            )
            nats.enter_context(process(command, port, tmp_path / "nats.log"))
            async with asyncio.timeout(15):
                while (await admin.get("/healthz/ready")).json()["status"] != "ready":  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
            again = await admin.get(LETTERS)
    assert served.status_code == 200
    for away in (letters, replayed):
        assert (away.status_code, away.json()["type"]) == (503, "urn:bihuan:problem:unavailable")
    assert (not_ready.status_code, not_ready.json()) == (200, {"status": "degraded", "nats": False, "mongo": True})
    assert (again.status_code, again.json()["items"]) == (200, [])
