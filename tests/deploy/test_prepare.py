"""What is done before the first replica of a release starts."""

from uuid import uuid4

import pytest

from services.sla.clocks.store import Clocks
from services.sla.policies.store import Policies
from shared.mongo import Database
from shared.service import Runtime, bus_of
from shared.testing import Servers, settings_of
from tests.deploy.command.conftest import apart


def runtime_of(servers: Servers, prefix: str) -> Runtime:
    settings = settings_of(servers, prefix)
    database = Database.open(servers.mongo_url, f"{prefix}_sla", servers.driver)
    return Runtime("sla", settings, database, bus_of("sla", settings, database))


@pytest.mark.parametrize("times", [1, 2])
async def test_streams_places_and_indexes_are_there_however_often_it_is_run(servers: Servers, times: int) -> None:
    prefix = f"t{uuid4().hex[:10]}"
    for _ in range(times):
        done = await apart(servers, prefix, "prepare", "sla")
        assert (done.status, done.err) == (0, "")
    runtime = runtime_of(servers, prefix)
    await runtime.bus.connect()
    try:
        stream = await runtime.bus.link.api(f"STREAM.INFO.{prefix.upper()}")
        consumer = await runtime.bus.link.api(f"CONSUMER.INFO.{prefix.upper()}.sla")
        clocks, policies = (runtime.store(kind) for kind in (Clocks, Policies))
        indexes = await runtime.database[clocks.name].index_information()
        defaults = await policies.count({})
    finally:
        await runtime.bus.stop()
        await runtime.database.drop()
        await runtime.database.close()
    assert stream["state"]["consumer_count"] == 1
    assert f"{prefix}.ticket.opened.v1" in consumer["config"]["filter_subjects"]
    assert ("due_at", 1) in [tuple(one["key"][0]) for one in indexes.values()]
    assert defaults == 1
