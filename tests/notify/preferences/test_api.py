"""People set how they are told, and an admin sets it for others."""

from shared.testing import ADMIN, AUDITOR, CHEN, LIU, WANG, World

PATH = "/v1/notification-preferences"
NIGHT = {"quiet_hours": {"start": "22:00", "end": "08:00"}, "digest": "hourly", "language": "en"}


async def test_everybody_sets_their_own_and_reads_it_again(world: World) -> None:
    async with world.as_(WANG, "notify") as wang:
        before = (await wang.get(f"{PATH}/{WANG.sub}")).json()
        assert (before["version"], before["digest"], before["changed_at"]) == (0, "immediately", None)
        put = await wang.put(f"{PATH}/{WANG.sub}", json=NIGHT)
        assert (put.status_code, put.json()["quiet_hours"]) == (200, NIGHT["quiet_hours"])
        assert (await wang.get(f"{PATH}/{WANG.sub}")).json() == put.json()
        assert [one["id"] for one in (await wang.get(PATH)).json()["items"]] == [WANG.sub]
        # What is left out is set to its default.
        assert (await wang.put(f"{PATH}/{WANG.sub}", json={})).json()["digest"] == "immediately"


async def test_others_are_for_admins_alone(world: World) -> None:
    async with world.as_(LIU, "notify") as liu:
        await liu.put(f"{PATH}/{LIU.sub}", json=NIGHT)
        assert (await liu.get(f"{PATH}/{CHEN.sub}")).status_code == 403
        assert (await liu.put(f"{PATH}/{CHEN.sub}", json={})).status_code == 403
    async with world.as_(CHEN, "notify") as chen:
        assert (await chen.get(PATH)).json()["items"] == []
    async with world.as_(ADMIN, "notify") as admin:
        assert (await admin.put(f"{PATH}/auth0|5f/7c", json=NIGHT)).json()["id"] == "auth0|5f/7c"
        assert {one["id"] for one in (await admin.get(PATH)).json()["items"]} == {LIU.sub, "auth0|5f/7c"}
    async with world.as_(AUDITOR, "notify") as auditor:
        assert (await auditor.get(f"{PATH}/{LIU.sub}")).json()["digest"] == "hourly"
        assert (await auditor.put(f"{PATH}/{LIU.sub}", json={})).status_code == 403


async def test_what_makes_no_sense_is_refused(world: World) -> None:
    async with world.as_(WANG, "notify") as wang:
        for body, field in (
            ({"channels": {"no.such_event": ["email"]}}, "channels"),
            ({"channels": {"ticket.completed": ["online"]}}, "channels"),
            ({"time_zone": "Mars/Olympus"}, "time_zone"),
            ({"quiet_hours": {"start": "8:00", "end": "09:00"}}, "quiet_hours"),
            ({"digest": "weekly"}, "digest"),
        ):
            answer = await wang.put(f"{PATH}/{WANG.sub}", json=body)
            assert (answer.status_code, field in answer.text) == (422, True)


async def test_who_saw_an_older_version_changes_nothing(world: World) -> None:
    async with world.as_(WANG, "notify") as wang:
        first = await wang.put(f"{PATH}/{WANG.sub}", json=NIGHT)
        await wang.put(f"{PATH}/{WANG.sub}", json={})
        stale = await wang.put(f"{PATH}/{WANG.sub}", json=NIGHT, headers={"If-Match": first.headers["ETag"]})
        assert stale.status_code == 412
        assert (await wang.get(f"{PATH}/{WANG.sub}")).json()["digest"] == "immediately"


async def test_admins_alone_say_who_somebody_is_in_a_messenger(world: World) -> None:
    body = {"messenger": "wecom:desk:liuzj", "digest": "batched"}
    async with world.as_(LIU, "notify") as liu, world.as_(ADMIN, "notify") as admin:
        path = f"/v1/notification-preferences/{LIU.sub}"
        assert (await liu.put(path, json=body)).status_code == 422
        assert (await admin.put(path, json=body)).json()["messenger"] == "wecom:desk:liuzj"
        kept = (await liu.put(path, json={"digest": "daily"})).json()
        assert (kept["messenger"], kept["digest"]) == ("wecom:desk:liuzj", "daily")
        assert (await admin.put(path, json={"messenger": "wecom:desk:@all|x y"})).status_code == 422
        assert (await admin.put(path, json={})).json()["messenger"] == ""
