"""What every service says while a server is away, and of itself."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import httpx2

from shared.testing import LEAD, Servers, World, running
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


async def test_metrics_are_there_for_all_and_name_the_route_not_the_address(
    world: World, lead: httpx2.AsyncClient
) -> None:
    await lead.get("/things/T-4711")
    async with world.as_(None, "http") as nobody:
        text = (await nobody.get("/metrics")).text
    assert 'route="/things/{id}",service="http",status="404"' in text
    assert "T-4711" not in text
