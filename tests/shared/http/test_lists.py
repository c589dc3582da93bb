"""Pages over HTTP, and dead letters."""

import httpx2
import pytest

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
