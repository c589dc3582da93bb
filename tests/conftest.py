"""Servers once per run; a stream and databases of its own for each test."""

import os
from collections.abc import Iterator

import pytest

from shared.testing import Servers
from tests.servers import asked_for_containers, containers, embedded


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    folder = tmp_path_factory.mktemp("servers")
    key, jwks = Servers.make_key(folder)
    backend = containers() if asked_for_containers() else embedded(folder)
    with backend as (nats_url, mongo_url):
        yield Servers(nats_url, mongo_url, jwks, key, os.environ.get("BIHUAN_MONGO_DRIVER", "motor"))
