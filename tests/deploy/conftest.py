from collections.abc import AsyncIterator

import pytest

from deploy.local.options import Options
from deploy.local.stack import Stack
from tests.notify.conftest import mail_server as mail_server

STUB = "tests.deploy.stub:{name}"


@pytest.fixture(scope="session")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """A whole stack with stub services, one for all tests that leave it as they found it."""
    options = Options(data_dir=tmp_path_factory.mktemp("bihuan"), services=("intake", "triage", "notify"), target=STUB)
    async with Stack(options) as stack:
        yield stack
