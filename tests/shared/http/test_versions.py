"""Versions, and requests that are sent twice."""

import httpx2
import pytest

from shared.testing import CHEN, World


@pytest.mark.parametrize(
    ("if_match", "status"),
    [
        *(('"1"', 200), ('W/"1"', 200), ("1", 200), ("*", 200), (None, 200)),
        *(('"7"', 412), ("9" * 39, 412), ('"x"', 422), ("", 422), ("1_0", 422), ('"1', 422), ("-1", 422)),
    ],
)
async def test_if_match_lets_only_the_seen_version_be_changed(
    lead: httpx2.AsyncClient, if_match: str | None, status: int
) -> None:
    await lead.post("/things", json={"id": "T-1", "name": "coat"})
    answer = await lead.post("/things/T-1/wear", headers={} if if_match is None else {"If-Match": if_match})
    assert answer.status_code == status
    if status == 200:
        assert answer.headers["etag"] == '"2"'
    assert (await lead.get("/things/T-1")).json()["worn"] == (1 if status == 200 else 0)


async def test_the_same_idempotency_key_counts_once_for_each_person(world: World, lead: httpx2.AsyncClient) -> None:
    await lead.post("/things", json={"id": "T-1", "name": "coat"})
    key = {"Idempotency-Key": "k#1@2"}
    for _ in range(3):
        assert (await lead.post("/things/T-1/wear", headers=key)).json()["worn"] == 1
    assert (await lead.post("/things/T-1/wear", headers=key, json={"other": 1})).status_code == 422
    async with world.as_(CHEN, "http") as chen:
        assert (await chen.post("/things/T-1/wear", headers=key)).json()["worn"] == 2


async def test_an_idempotency_key_must_be_printable_and_short(lead: httpx2.AsyncClient) -> None:
    for key in ("", "a b", "x" * 201):
        answer = await lead.post("/things", json={"id": "T-1", "name": "x"}, headers={"Idempotency-Key": key})
        assert answer.status_code == 422


async def test_the_same_request_within_a_minute_counts_once_where_it_is_said_so(
    world: World, lead: httpx2.AsyncClient
) -> None:
    await lead.post("/things", json={"id": "T-1", "name": "coat"})
    for _ in range(2):
        assert (await lead.post("/things/T-1/tear")).json()["worn"] == 1
    await world.pass_time(seconds=61)
    assert (await lead.post("/things/T-1/tear")).json()["worn"] == 2
