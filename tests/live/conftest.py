from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.local.options import Options
from deploy.local.stack import Stack
from tests.live.desk import Desk


@pytest.fixture
def notices() -> list[str]:
    """What the launcher says of parts that ended by themselves."""
    return []


@pytest.fixture
async def stack(tmp_path: Path, notices: list[str]) -> AsyncIterator[Stack]:
    """A whole stack of its own for one test."""
    async with Stack(Options(data_dir=tmp_path, trace_ratio=0.1), on_notice=notices.append) as stack:
        yield stack


@pytest.fixture
async def desk(stack: Stack) -> AsyncIterator[Desk]:
    async with Desk(stack) as desk:
        yield desk
