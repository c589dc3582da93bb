"""Pages over HTTP, and dead letters."""

import httpx2
import pytest

from shared.cursor import seal
from shared.testing import ADMIN, World

IDS = ["a+b c", "2026-03-02T04:00:00+00:00|x", "你好", "~", "z?&=#%2B"]


async def test_next_is_pasted_back_as_it_is(lead: httpx2.AsyncClient) -> None:
    for id in IDS:
        assert (await lead.post("/things", json={"id": id, "name": id})).status_code == 201
    seen, after = [], ""
    while True:
        page = (await lead.get(f"/things?limit=1{after}")).json()
        seen += [thing["id"] for thing in page["items"]]
        if page["next"] is None:
            break
        assert page["next"].isascii()
        after = f"&after={page['next']}"
    assert seen == sorted(IDS)


@pytest.mark.parametrize("after", ["a+b", "*", "a", "_____w", "5L2g=x", "%C3%A9", "x" * 401])
async def test_what_is_no_next_of_ours_is_refused(lead: httpx2.AsyncClient, after: str) -> None:
    answer = await lead.get(f"/things?after={after}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "query.after")


@pytest.mark.parametrize("after", ["MQ", seal("things", 1), *(seal("dead letters", key) for key in (-1, 2**64, "x"))])
async def test_dead_letters_are_read_from_a_place_of_theirs(world: World, after: str) -> None:
    async with world.as_(ADMIN, "http") as admin:
        assert (await admin.get(f"/dead-letters?after={after}")).status_code == 422
        assert (await admin.get(f"/dead-letters?after={seal('dead letters', 1)}")).status_code == 200


@pytest.mark.parametrize(("sequence", "status"), [("0", 422), ("-1", 422), (str(2**64), 422), ("x", 422), ("7", 404)])
async def test_only_a_dead_letter_that_there_is_is_replayed(world: World, sequence: str, status: int) -> None:
    async with world.as_(ADMIN, "http") as admin:
        assert (await admin.post(f"/dead-letters/{sequence}/replay")).status_code == status
