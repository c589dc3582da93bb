"""Figures that are asked for: seldom, and gone when nobody can say them."""

import pytest
from prometheus_client import REGISTRY, Gauge
from pymongo.errors import ServerSelectionTimeoutError

from shared import measures
from shared.measures import Measures, Values

WAITING = Gauge("bihuan_test_waiting", "Of a test", ["service", "kind"])


async def test_they_are_asked_for_once_and_missing_when_the_store_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[Values | Exception] = [[(WAITING, "a", 3.0)], [(WAITING, "b", 4.0)], ServerSelectionTimeoutError()]

    async def ask() -> Values:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    asked = Measures("shop")
    asked.add(ask, WAITING)
    await asked.take()
    await asked.take()
    assert (value("a"), value("b")) == (3.0, None)
    monkeypatch.setattr(measures, "ANEW_AFTER", -1.0)
    asked._next = 0.0
    await asked.take()
    assert (value("a"), value("b")) == (None, 4.0)
    await asked.take()
    assert (value("a"), value("b")) == (None, None)


def value(kind: str) -> float | None:
    return REGISTRY.get_sample_value("bihuan_test_waiting", {"service": "shop", "kind": kind})
