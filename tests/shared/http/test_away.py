"""What every service says while a server is away, and of itself."""

import asyncio
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import httpx2

from shared.testing import ADMIN, LEAD, Servers, World, running
from tests.servers import SCRIPTS, free_port, process
from tests.shared.http.shop import create_app


async def test_while_the_database_is_away_the_answer_is_503_and_afterwards_all_is_well(
    servers: Servers, tmp_path: Path
) -> None:
    port = free_port()
    command = [str(SCRIPTS / "secantusd-py"), "--host", "127.0.0.1", "--port", str(port)]
    command += ["--storage-path", str(tmp_path / "mongo"), "--cache-size", "64M"]
    url = f"mongodb://127.0.0.1:{port}/?retryWrites=false"
    with ExitStack() as mongo:
        mongo.enter_context(process(command, port, tmp_path / "mongo.log"))
        async with running(replace(servers, mongo_url=url), create_app) as world, world.as_(LEAD, "http") as lead:
            assert (await lead.post("/things", json={"id": "T-1", "name": "coat"})).status_code == 201
            mongo.close()
            away = await lead.post("/things", json={"id": "T-2", "name": "hat"})
            not_ready = await lead.get("/healthz/ready")
            alive = await lead.get("/healthz/live")
            mongo.enter_context(process(command, port, tmp_path / "mongo.log"))
            again = await lead.post("/things", json={"id": "T-2", "name": "hat"})
            ready = await lead.get("/healthz/ready")
    assert (away.status_code, away.json()["type"]) == (503, "urn:bihuan:problem:unavailable")
    assert away.headers["retry-after"] == "2"
    assert (not_ready.status_code, not_ready.json()) == (503, {"status": "away", "nats": True, "mongo": False})
    assert (alive.status_code, again.status_code, ready.status_code) == (204, 201, 200)


async def test_while_the_bus_is_away_requests_are_served_and_what_needs_it_answers_503(
    servers: Servers, tmp_path: Path
) -> None:
    port = free_port()
    command = [str(SCRIPTS / "nats-server"), "-a", "127.0.0.1", "-p", str(port), "-js", "-sd", str(tmp_path / "js")]
    with ExitStack() as nats:
        nats.enter_context(process(command, port, tmp_path / "nats.log"))
        own = replace(servers, nats_url=f"nats://127.0.0.1:{port}")
        async with running(own, create_app) as world, world.as_(ADMIN, "http") as admin:
            assert (await admin.get("/dead-letters")).json() == {"items": [], "next": None}
            nats.close()
            async with world.as_(LEAD, "http") as lead:
                served = await lead.post("/things", json={"id": "T-1", "name": "coat"})
            letters, replayed, not_ready = await asyncio.gather(
                admin.get("/dead-letters"), admin.post("/dead-letters/1/replay"), admin.get("/healthz/ready")
            )
            nats.enter_context(process(command, port, tmp_path / "nats.log"))
            async with asyncio.timeout(15):
                while (await admin.get("/healthz/ready")).json()["status"] != "ready":  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
            again = await admin.get("/dead-letters")
    assert served.status_code == 201
    for away in (letters, replayed):
        assert (away.status_code, away.json()["type"]) == (503, "urn:bihuan:problem:unavailable")
    assert (not_ready.status_code, not_ready.json()) == (200, {"status": "degraded", "nats": False, "mongo": True})
    assert (again.status_code, again.json()["items"]) == (200, [])


async def test_metrics_are_there_for_all_and_name_the_route_not_the_address(
    world: World, lead: httpx2.AsyncClient
) -> None:
    await lead.get("/things/T-4711")
    async with world.as_(None, "http") as nobody:
        text = (await nobody.get("/metrics")).text
    assert 'route="/things/{id}",service="http",status="404"' in text
    assert "T-4711" not in text
