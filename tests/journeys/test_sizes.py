"""What was counted of a ticket still holds: docs/scale.md reckons with it."""

import pytest

from deploy.scale.measured import load
from shared.testing import Servers
from tests.bench.sizing import Statements, measure

AGAIN = "a ticket has become another one: run `python -m tests.bench.sizing` and `python -m deploy.scale --write`"


async def test_a_plain_ticket_makes_what_was_counted(servers: Servers) -> None:
    now = (await measure(servers, Statements(), ["plain"], each=2))["stories"]["plain"]
    counted = load().stories["plain"]
    assert sum(now["events"].values()) == pytest.approx(counted.events, rel=0.3), AGAIN
    assert now["stream_bytes"] == pytest.approx(counted.stream_bytes, rel=0.3), AGAIN
    for name, store in counted.stores.items():
        assert now["documents"][name][1] == pytest.approx(store.bytes, rel=0.4), f"{name}: {AGAIN}"
