"""`python -m deploy.reindex SERVICE`: every replica of the service builds its search index again from the store.

The service may run: a replica begins within half a minute, and says `complete: false` with what it finds until it has
caught up. One that is not running does so when it starts.
"""

import argparse
import asyncio

from shared.mongo import Database
from shared.search import Generations
from shared.settings import Settings

SEARCHED = {"intake": "ticket", "kb": "kb"}


async def reindex(database: Database, service: str) -> None:
    await Generations(database, SEARCHED[service]).next()


async def connected(service: str) -> None:
    settings = Settings()
    url = settings.mongo_url.get_secret_value()
    database = Database.open(url, f"{settings.prefix}_{service}", settings.mongo_driver)
    try:
        await reindex(database, service)
    finally:
        await database.close()


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m deploy.reindex",
        description="Build a service's search index again from its store · 由数据库重建服务的搜索索引",
    )
    parser.add_argument("service", choices=SEARCHED)
    service = parser.parse_args().service
    asyncio.run(connected(service))
    print(f"{service}: replicas build their search index again within half a minute")


if __name__ == "__main__":
    main()
