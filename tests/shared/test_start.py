"""How a service starts while servers are away, and what its probes say."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from shared.bus import HandlerTimeout
from shared.mongo import Database
from shared.service import Runtime, bus_of
from shared.testing import LEAD, NOON, Servers, settings_of
from tests.servers import SCRIPTS, free_port, process
from tests.shared.test_service import create_app


def a_service(servers: Servers, nats_url: str, mongo_url: str, **more: Any) -> tuple[FastAPI, Runtime]:
    known = {"nats_url": SecretStr(nats_url), "mongo_url": SecretStr(mongo_url), "start_timeout": 0.3}
    settings = settings_of(servers, f"t{uuid4().hex[:10]}").model_copy(update={**known, **more})
    database = Database.open(mongo_url, f"{settings.prefix}_shared", servers.driver)
    bus = bus_of("shared", settings, database)
    bus.limits = replace(bus.limits, start_within=0.1)
    runtime = Runtime("shared", settings, database, bus, now=lambda: NOON)
    return create_app(runtime), runtime


@asynccontextmanager
async def client_of(servers: Servers, app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    headers = {"Authorization": f"Bearer {servers.token(LEAD.sub, *LEAD.roles)}"}
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://shared", headers=headers) as client:
        yield client


async def until_it_is(client: httpx2.AsyncClient, status: str) -> None:
    async with asyncio.timeout(30):
        while (await client.get("/healthz/ready")).json()["status"] != status:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def test_without_the_bus_a_service_starts_takes_what_is_asked_for_and_tells_it_later(
    servers: Servers, tmp_path: Path
) -> None:
    port = free_port()
    command = [str(SCRIPTS / "nats-server"), "-a", "127.0.0.1", "-p", str(port), "-js", "-sd", str(tmp_path / "js")]
    app, runtime = a_service(servers, f"nats://127.0.0.1:{port}", servers.mongo_url)
    with ExitStack() as nats:
        async with app.router.lifespan_context(app), client_of(servers, app) as client:
            await until_it_is(client, "degraded")
            ready, live = await client.get("/healthz/ready"), await client.get("/healthz/live")
            taken = await client.post("/alarms", json={"id": "A-1", "minutes": 0})
            nats.enter_context(process(command, port, tmp_path / "nats.log"))
            await until_it_is(client, "ready")
            feed = runtime.bus.follow(0)
            told = await anext(feed)
            await feed.aclose()
            await runtime.database.drop()
    assert (ready.status_code, ready.json()) == (200, {"status": "degraded", "nats": False, "mongo": True})
    assert (live.status_code, taken.status_code) == (204, 201)
    assert told
    assert told[1].subject == "A-1"


async def test_without_its_store_a_service_starts_says_so_and_works_when_it_is_there(
    servers: Servers, tmp_path: Path
) -> None:
    port = free_port()
    command = [str(SCRIPTS / "secantusd-py"), "--host", "127.0.0.1", "--port", str(port)]
    command += ["--storage-path", str(tmp_path / "mongo"), "--cache-size", "64M"]
    url = f"mongodb://127.0.0.1:{port}/?retryWrites=false"
    app, runtime = a_service(servers, servers.nats_url, url)
    with ExitStack() as mongo:
        async with app.router.lifespan_context(app), client_of(servers, app) as client:
            ready, live = await client.get("/healthz/ready"), await client.get("/healthz/live")
            asked = await client.post("/alarms", json={"id": "A-1", "minutes": 30})
            mongo.enter_context(process(command, port, tmp_path / "mongo.log"))
            await until_it_is(client, "ready")
            again = await client.post("/alarms", json={"id": "A-1", "minutes": 30})
            for stream in (runtime.bus.names.stream, runtime.bus.names.dead_stream):
                await runtime.bus.link.js.delete_stream(stream)
    assert (ready.status_code, ready.json()["status"], live.status_code) == (503, "starting", 204)
    assert (asked.status_code, asked.json()["type"]) == (503, "urn:bihuan:problem:unavailable")
    assert again.status_code == 201


async def test_a_start_that_fails_for_another_reason_ends(servers: Servers) -> None:
    app, runtime = a_service(servers, servers.nats_url, servers.mongo_url, start_timeout=30)

    async def fail() -> None:
        raise RuntimeError("no such language")

    runtime.at_start(fail)
    with pytest.raises(RuntimeError, match="no such language"):
        async with app.router.lifespan_context(app):
            pass
    await runtime.database.drop()
    await runtime.database.close()


async def test_what_is_done_at_the_start_is_done_once_though_a_server_was_away_in_between(servers: Servers) -> None:
    app, runtime = a_service(servers, servers.nats_url, servers.mongo_url, start_timeout=30)
    done: list[str] = []

    async def first() -> None:
        done.append("first")

    async def second() -> None:
        done.append("second")
        if len(done) == 2:
            raise ConnectionError

    runtime.at_start(first)
    runtime.at_start(second)
    async with app.router.lifespan_context(app), client_of(servers, app) as client:
        await until_it_is(client, "ready")
        for stream in (runtime.bus.names.stream, runtime.bus.names.dead_stream):
            await runtime.bus.link.js.delete_stream(stream)
        await runtime.database.drop()
    assert done == ["first", "second", "second"]


async def test_a_client_that_was_closed_for_good_shows_in_the_probe_of_life(servers: Servers) -> None:
    app, runtime = a_service(servers, servers.nats_url, servers.mongo_url)
    async with client_of(servers, app) as client:
        await runtime.bus.link.open()
        assert (await client.get("/healthz/live")).status_code == 204
        await runtime.bus.link.client.close()
        assert (await client.get("/healthz/live")).status_code == 503
    await runtime.database.close()


async def test_production_does_not_start_on_the_embedded_database(servers: Servers) -> None:
    app, runtime = a_service(servers, servers.nats_url, servers.mongo_url, env="production")
    if not await runtime.database.is_embedded():
        await runtime.stop()
        pytest.skip("only with the embedded database")
    with pytest.raises(ValueError, match="BIHUAN_MONGO_URL names the embedded database"):
        async with app.router.lifespan_context(app):
            pass
    await runtime.stop()
    assert not runtime.is_prepared


@pytest.mark.parametrize("driver", ["motor", "pymongo"])
async def test_a_handler_that_waited_for_an_absent_database_is_not_at_fault(servers: Servers, driver: str) -> None:
    """It asks several times, and each time the driver waits a while before it says that nobody is there."""
    of_driver, nobody = replace(servers, driver=driver), f"mongodb://127.0.0.1:{free_port()}"
    _, there = a_service(of_driver, servers.nats_url, servers.mongo_url)
    _, alone = a_service(of_driver, servers.nats_url, nobody)
    await there.database.ping()
    assert not there.bus._attempts.is_transient_error(HandlerTimeout())
    assert alone.bus._attempts.is_transient_error(HandlerTimeout())
    assert alone.bus._attempts.is_store_error(HandlerTimeout())
    await there.database.close()
    await alone.database.close()
