"""What people can read of what they were told."""

from datetime import timedelta

import pytest

from services.notify.deliveries.domain import DeliveryState
from shared.testing import ADMIN, AGENT, AUDITOR, CHEN, EDITOR, LEAD, LIU, NOON, VIEWER, WANG, ZHAO, Person, World
from tests.notify.conftest import notify_of
from tests.notify.samples import BREACHED, DRAFTED, TICKET, VERIFIED, assigned, opened


async def read(
    world: World, person: Person | None, path: str = "/v1/notifications", **headers: str
) -> list[dict[str, str]]:
    async with world.as_(person, "notify", **headers) as client:
        answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, str]] = answer.json()["items"]
    return items


async def id_of(world: World, recipient: str) -> str:
    [delivery] = await notify_of(world).deliveries.store.where({"recipient": recipient})
    return delivery.id


async def test_a_customer_reads_only_what_was_told_to_themselves(world: World) -> None:
    await world.publish(opened(WANG))
    await world.publish(opened(ZHAO, ticket="TK-2026-000002"))
    [mine] = await read(world, WANG)
    assert mine["recipient"] == WANG.sub
    assert mine["title"] == "已受理：导出 Excel 崩溃"
    assert await read(world, WANG, "/v1/notifications?ticket=TK-2026-000002") == []
    assert await read(world, VIEWER) == []


@pytest.mark.parametrize("person", [AGENT, LEAD, AUDITOR, ADMIN], ids=lambda person: person.roles[0])
async def test_staff_who_answer_for_it_read_what_was_told_to_anybody(world: World, person: Person) -> None:
    await world.publish(opened())
    await world.publish(assigned())
    assert len(await read(world, person)) == 3
    assert len(await read(world, person, f"/v1/notifications?ticket={TICKET}")) == 3
    assert await read(world, person, "/v1/notifications?ticket=TK-2026-000009") == []
    assert await read(world, person, "/v1/notifications?mine=true") == []


async def test_engineers_and_editors_read_their_own_and_the_inbox_of_their_role(world: World) -> None:
    await world.publish(opened())
    await world.publish(assigned())
    await world.publish(DRAFTED)
    await world.pass_time(seconds=1)
    await world.publish(BREACHED)
    assert [item["template"] for item in await read(world, LIU)] == ["clock_breached", "work_assigned"]
    assert await read(world, CHEN) == []
    assert [item["template"] for item in await read(world, EDITOR)] == ["article_drafted"]
    assert [item["template"] for item in await read(world, LEAD, "/v1/notifications?mine=true")] == ["clock_breached"]


async def test_what_was_told_to_a_role_is_read_in_the_language_of_the_reader(world: World) -> None:
    await world.publish(DRAFTED)
    [zh] = await read(world, EDITOR, **{"Accept-Language": "zh-CN"})
    [en] = await read(world, EDITOR, **{"Accept-Language": "en"})
    assert zh["title"] == "待审核知识条目：导出崩溃"
    assert en["title"] == "Article to review: 导出崩溃"


async def test_only_their_customer_gets_to_see_signed_links(world: World) -> None:
    await world.publish(opened())
    await world.pass_time(seconds=1)
    await world.publish(VERIFIED)
    [own, _] = await read(world, WANG)
    [seen, _] = await read(world, LEAD)
    assert "/links/ey" in own["text"]
    assert "/links/ey" not in seen["text"]
    assert "/links/…" in seen["text"]


async def test_pages_follow_each_other_from_the_newest_to_the_oldest(world: World) -> None:
    for number, hours in enumerate((0, 0, 1, 24, 24 * 30), start=1):
        await world.pass_time(hours=hours)
        await world.publish(opened(ticket=f"TK-2026-{number:06d}", now=world.now()))
    await world.pass_time(hours=24 * 365)

    async def listed(sort: str) -> list[int]:
        tickets, after = [], ""
        async with world.as_(WANG, "notify") as wang:
            while True:
                answer = (await wang.get(f"/v1/notifications?limit=2{sort}{after}")).json()
                tickets += [int(item["ticket"][-6:]) for item in answer["items"]]
                if not answer["next"]:
                    return tickets
                after = f"&after={answer['next']}"

    newest = await listed("")
    assert newest[:3] == [5, 4, 3]
    assert sorted(newest) == [1, 2, 3, 4, 5]
    assert await listed("&sort=newest") == newest
    assert await listed("&sort=oldest") == newest[::-1]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "after=yesterday", "ticket=%24ne", "ticket=" + "x" * 100, "mine=perhaps"]
)
async def test_a_question_that_makes_no_sense_is_refused(world: World, query: str) -> None:
    async with world.as_(WANG, "notify") as wang:
        answer = await wang.get(f"/v1/notifications?{query}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


async def test_one_delivery_is_for_its_recipient_and_for_staff(world: World) -> None:
    await world.publish(opened())
    id = await id_of(world, WANG.sub)
    status = {}
    for person in (WANG, LEAD, ZHAO, LIU, EDITOR, VIEWER):
        async with world.as_(person, "notify") as client:
            answer = await client.get(f"/v1/notifications/{id}")
            status[person.sub] = answer.status_code
            if answer.status_code == 200:
                assert answer.headers["etag"] == '"1"'
    assert status == {WANG.sub: 200, LEAD.sub: 200, ZHAO.sub: 404, LIU.sub: 404, EDITOR.sub: 404, VIEWER.sub: 404}


async def test_what_was_read_is_marked_once(world: World) -> None:
    await world.publish(opened())
    id = await id_of(world, WANG.sub)
    async with world.as_(WANG, "notify", **{"Idempotency-Key": "k-1"}) as wang:
        first = await wang.post(f"/v1/notifications/{id}/read")
        world.time += timedelta(hours=1)
        again = await wang.post(f"/v1/notifications/{id}/read")
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert first.json()["state"] == DeliveryState.READ
    assert first.json()["read_by"] == WANG.sub
    assert first.headers["etag"] == again.headers["etag"] == '"2"'


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("if_match", ["", '"1"', '"7"'])
async def test_what_was_told_to_somebody_else_is_answered_like_what_never_was(
    world: World, if_match: str, language: str
) -> None:
    await world.publish(opened())
    id = await id_of(world, WANG.sub)
    headers = {"Accept-Language": language} | ({"If-Match": if_match} if if_match else {})
    async with world.as_(ZHAO, "notify", **headers) as zhao:
        for method, path in (("GET", "/v1/notifications/{}"), ("POST", "/v1/notifications/{}/read")):
            foreign = await zhao.request(method, path.format(id))
            unknown = await zhao.request(method, path.format("nothing"))
            assert (foreign.status_code, unknown.status_code) == (404, 404)
            same = [answer.json() | {"instance": ""} for answer in (foreign, unknown)]
            assert str(same[0]).replace(id, "nothing") == str(same[1])


async def test_the_same_key_for_something_else_is_refused(world: World) -> None:
    await world.publish(opened())
    await world.publish(assigned())
    first, second = (d.id for d in await notify_of(world).deliveries.store.where({"recipient": WANG.sub}))
    async with world.as_(WANG, "notify", **{"Idempotency-Key": "k-1"}) as wang:
        await wang.post(f"/v1/notifications/{first}/read")
        answer = await wang.post(f"/v1/notifications/{first}/read", json={"other": "content"})
        other = await wang.post(f"/v1/notifications/{second}/read")
    assert answer.status_code == 422
    assert other.status_code == 200


async def test_a_version_that_is_not_the_present_one_is_refused(world: World) -> None:
    await world.publish(opened())
    id = await id_of(world, WANG.sub)
    async with world.as_(WANG, "notify", **{"If-Match": '"7"'}) as wang:
        answer = await wang.post(f"/v1/notifications/{id}/read")
    assert answer.status_code == 412


async def test_nobody_marks_for_somebody_else_and_nothing_unknown(world: World) -> None:
    await world.publish(opened())
    id = await id_of(world, WANG.sub)
    async with world.as_(LEAD, "notify") as lead, world.as_(WANG, "notify") as wang:
        refused = await lead.post(f"/v1/notifications/{id}/read")
        unknown = await wang.post("/v1/notifications/nothing/read")
    assert refused.status_code == 403
    assert unknown.status_code == 404


async def test_nobody_reads_without_signing_in(world: World) -> None:
    async with world.as_(None, "notify") as nobody:
        answers = [await nobody.get(path) for path in ("/v1/notifications", "/v1/notifications/x", "/v1/events")]
    assert {answer.status_code for answer in answers} == {401}


async def test_every_list_is_found_by_an_index(world: World) -> None:
    await world.publish(opened())
    deliveries = notify_of(world).deliveries.store
    window = {"$gte": NOON - timedelta(days=1), "$lte": NOON}
    for query in (
        {"recipient": WANG.sub, "created_at": window},
        {"recipient": "role:lead", "created_at": {"$lte": NOON}},
        {"ticket": TICKET, "created_at": window},
        {"created_at": window},
    ):
        plan = str(await deliveries.explain(query))
        assert "IXSCAN" in plan, plan
        assert "COLLSCAN" not in plan, plan
