"""What is kept for a time is removed by every service, and one job that fails keeps none of the others from it."""

import asyncio
import logging

import pytest
from pymongo.errors import AutoReconnect

from shared.expiry import keep_removing
from shared.tasks import cancel_all


async def test_a_job_that_fails_is_said_and_the_next_one_is_done(caplog: pytest.LogCaptureFixture) -> None:
    done = asyncio.Event()

    async def away() -> int:
        raise AutoReconnect("the server is away")

    async def broken() -> int:
        raise KeyError("a mistake of ours")

    async def works() -> int:
        done.set()
        return 1

    running = asyncio.create_task(keep_removing([away, broken, works]))
    await asyncio.wait_for(done.wait(), 10)
    await cancel_all([running])
    said = [(record.levelno, bool(record.exc_info)) for record in caplog.records]
    assert said == [(logging.WARNING, False), (logging.ERROR, True)]
