"""Servers once per process of a run; a stream and databases of its own for each test."""

import os
from collections.abc import Iterator
from functools import _lru_cache_wrapper

import pytest
from fastapi.dependencies import models
from hypothesis import settings

from shared.testing import Servers
from tests.servers import asked_for_containers, containers, embedded

# The same examples each time, and nothing kept beside the code; `--hypothesis-profile=wander` looks further.
settings.register_profile("steady", max_examples=50, deadline=None, derandomize=True, database=None)
settings.register_profile("wander", max_examples=2000, deadline=None, database=None)
settings.load_profile("steady")

# Found by words alone, at once and always the same; tests of search by meaning say otherwise.
os.environ.setdefault("BIHUAN_SEARCH_BY_MEANING", "false")


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    folder = tmp_path_factory.mktemp("servers")
    key, jwks = Servers.make_key(folder)
    backend = containers() if asked_for_containers() else embedded(folder)
    with backend as (nats_url, mongo_url):
        yield Servers(nats_url, mongo_url, jwks, key, os.environ.get("BIHUAN_MONGO_DRIVER", "motor"))


@pytest.fixture(autouse=True)
def forgotten_apps() -> Iterator[None]:
    """FastAPI remembers the functions of every app for good, and with them the service of each test."""
    yield
    for kept in vars(models).values():
        if isinstance(kept, _lru_cache_wrapper):
            kept.cache_clear()
