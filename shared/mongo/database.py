"""One service's database, and its collections."""

from dataclasses import dataclass, field
from typing import Any

from pymongo import ReadPreference, WriteConcern
from pymongo.read_concern import ReadConcern

from shared.mongo.inserts import Inserts
from shared.telemetry import untraced

GIVE_UP_AFTER = 10_000  # milliseconds, for a write to reach the majority


@dataclass
class Database:
    """One service's database, opened with Motor or with PyMongo's own asyncio client."""

    client: Any
    name: str
    driver: str
    _inserts: dict[str, Inserts] = field(default_factory=dict)

    @classmethod
    def open(cls, url: str, name: str, driver: str = "motor") -> "Database":
        options: dict[str, Any] = {"tz_aware": True, "serverSelectionTimeoutMS": 5000, "connectTimeoutMS": 5000}
        if driver == "motor":
            from motor.motor_asyncio import AsyncIOMotorClient

            return cls(AsyncIOMotorClient(url, **options), name, driver)
        from pymongo import AsyncMongoClient

        # Its pool is not fair to those who wait, so it must never be smaller than what runs at once.
        return cls(AsyncMongoClient(url, maxPoolSize=200, **options), name, driver)

    @property
    def handle(self) -> Any:
        """What is acknowledged is with the majority, and nothing is read that a new primary may not have."""
        return self.client.get_database(
            self.name,
            read_preference=ReadPreference.PRIMARY,
            read_concern=ReadConcern("majority"),
            write_concern=WriteConcern(w="majority", wtimeout=GIVE_UP_AFTER),
        )

    def __getitem__(self, collection: str) -> Any:
        return self.handle[collection]

    def newest(self, collection: str) -> Any:
        """The same collection as the primary has it at this moment: for a decision whose write compares the version,
        and for what a write has just collided with. What the majority has is older by the lag of replication, so that
        a change could be decided upon it in vain again and again; a write upon what is rolled back is rolled back too.
        """
        return self[collection].with_options(read_concern=ReadConcern("local"))

    def inserts(self, collection: str) -> Inserts:
        return self._inserts.setdefault(collection, Inserts(self[collection]))

    async def ping(self) -> None:
        """Raises when the server does not answer."""
        with untraced():
            await self.client.admin.command("ping")

    @property
    def is_away(self) -> bool:
        """Whether the driver knows of no server that takes writes, as far as it has looked."""
        client = self.client.delegate if self.driver == "motor" else self.client
        return not client.topology_description.has_writable_server()

    async def is_embedded(self) -> bool:
        """Whether it is the database of the local runner, which is for trials."""
        with untraced():
            return "secantusVersion" in await self.client.admin.command("buildInfo")

    async def drop(self) -> None:
        await self.client.drop_database(self.name)

    async def close(self) -> None:
        closing = self.client.close()
        if closing is not None:
            await closing
