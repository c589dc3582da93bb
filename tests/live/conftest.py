from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from deploy.gateway.config import Rate
from deploy.local.options import Options
from deploy.local.stack import Stack
from tests.live.desk import Desk
from tests.live.sizes import REPLICAS

NO_LIMIT = Rate(100_000, 100_000)  # a few people do here what many would


def options_of(folder: Path, **more: Any) -> Options:
    """Of every service as many processes as a deployment has."""
    chosen: dict[str, Any] = {"trace_ratio": 0.1, "replicas": REPLICAS}
    chosen |= dict.fromkeys(("address_rate", "caller_rate", "company_rate"), NO_LIMIT)
    return Options(data_dir=folder, **(chosen | more))


@pytest.fixture
def notices() -> list[str]:
    """What the launcher says of parts that ended by themselves."""
    return []


@pytest.fixture
async def stack(tmp_path: Path, notices: list[str]) -> AsyncIterator[Stack]:
    """A whole stack of its own for one test."""
    async with Stack(options_of(tmp_path), on_notice=notices.append) as stack:
        yield stack


@pytest.fixture
async def desk(stack: Stack) -> AsyncIterator[Desk]:
    async with Desk(stack) as desk:
        yield desk
