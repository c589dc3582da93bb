"""The counter of statements, against what the driver itself says it sent."""

from urllib.parse import urlsplit

from pymongo import AsyncMongoClient, monitoring

from shared.testing import Servers
from tests.bench.statements import NOT_COUNTED, Statements


class Sent(monitoring.CommandListener):
    def __init__(self) -> None:
        self.names: list[str] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if event.command_name not in NOT_COUNTED:
            self.names.append(event.command_name)

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        pass

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        pass


async def test_every_statement_is_counted_once_and_passed_on(servers: Servers) -> None:
    sent = Sent()
    port = urlsplit(servers.mongo_url).port
    assert port
    async with Statements(port) as line:
        url = servers.mongo_url.replace(f":{port}", f":{line.port}")
        async with AsyncMongoClient[dict[str, object]](url, event_listeners=[sent], directConnection=True) as client:
            notes = client["counted"]["note"]
            await notes.insert_many([{"_id": n, "text": "x" * 50_000} for n in range(20)])
            await notes.update_one({"_id": 3}, {"$set": {"text": "y"}})
            assert await notes.count_documents({}) == 20
            assert (await notes.find_one({"_id": 3}) or {})["text"] == "y"
            await client.drop_database("counted")
        assert sorted(name for name, _ in line.counts.elements()) == sorted(sent.names)
        assert line.counts["insert", "note"] == line.counts["update", "note"] == 1
        assert line.total == len(sent.names) >= 5
