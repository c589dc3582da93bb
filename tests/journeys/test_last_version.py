"""What the last version told is heard by today's intake and triage, whose tickets and work items are as they ought to
be after it all. Nothing becomes a dead letter."""

import json
from datetime import datetime
from typing import Any

from deploy.rebuild import EPOCH, run
from services.intake.app import create_app as intake
from services.triage.app import create_app as triage
from shared.bus import Bus
from shared.events import TicketCompleted, TicketReopened
from shared.mongo import Database
from shared.rebuild import Clock
from shared.service import Runtime
from shared.testing import CHEN, WANG, Person, Servers, World, running, settings_of
from tests.journeys.test_versions import RECORDED, TICKET, dead_letters, read, tell

LIFE = [json.loads(line) for line in RECORDED.read_bytes().splitlines()]
ONE_OF_EACH = [json.loads(line) for line in RECORDED.with_name("events-0.1.jsonl").read_bytes().splitlines()]
SINCE: dict[str, Any] = {"custom_fields": {}}  # what a problem says that the last version did not know
ODD_TEXT = ONE_OF_EACH[0]["data"]["problem"]["title"]  # with what ends a line in Unicode
HAPPENED = [
    "diagnosed",
    "assigned",
    "solution_proposed",
    "verified",
    "rejected",
    "solution_proposed",
    "verified",
    "accepted",
    "rated",
    "completed",
    "assigned",
    "reopened",
    "solution_proposed",
    "verified",
    "accepted",
    "rated",
    "completed",
]
CUSTOMERS = ("rejected", "accepted", "rated", "completed", "reopened")


def by(*services: str) -> list[dict[str, Any]]:
    return [event for event in LIFE if event["source"].rpartition("/")[2] in services]


# ---- triage


async def test_triage_hears_what_the_others_told_of_a_life(servers: Servers) -> None:
    async with running(servers, triage) as world:
        await tell(world, by("intake", "sla", "kb", "notify"))
        assert await dead_letters(world) == []
        item = await read(world, "triage", f"/v1/tickets/{TICKET}/work")
    known = {name: item[name] for name in ("open", "work", "round", "accepted_round", "reopened_round")}
    assert known == {
        "open": False,
        "work": "done",
        "round": 3,
        "accepted_round": 3,
        "reopened_round": 3,
    }
    assert (item["category"], item["priority"], item["satisfaction"]) == ("function", "high", "satisfied")
    assert item["problem"] == {**LIFE[0]["data"]["problem"], **SINCE}
    assert [one["did"] for one in item["worklog"]] == ["diagnosed", *(did for did in HAPPENED if did in CUSTOMERS)]


async def test_triage_is_built_again_from_all_that_was_told(servers: Servers) -> None:
    async with running(servers) as world:
        await tell(world, LIFE)
        clock, settings = Clock(EPOCH), settings_of(servers, world.prefix)
        database = Database.open(servers.mongo_url, f"{world.prefix}_triage", servers.driver)
        bus = Bus(servers.nats_url, "triage", world.prefix)
        done = await run("triage", Runtime("triage", settings, database, bus, now=clock.now, silent=True), clock)
        assert (done.documents, done.left) == ({"workitem": 1}, [])
        await world.start(triage)
        item = await read(world, "triage", f"/v1/tickets/{TICKET}/work")
    assert (item["assignee"], item["assignee_name"], item["open"]) == (CHEN.sub, CHEN.name, False)
    assert [(one["round"], one["solution"]) for one in item["proposals"]] == [(1, "升级"), (2, "换驱动"), (3, "补丁")]
    assert sorted(one["did"] for one in item["worklog"]) == sorted(HAPPENED)  # several at one moment


async def test_triage_hears_one_of_each(servers: Servers) -> None:
    async with running(servers, triage) as world:
        await tell(world, ONE_OF_EACH)
        assert await dead_letters(world) == []
        item = await read(world, "triage", f"/v1/tickets/{TICKET}/work")
    assert item["problem"]["title"] == item["customer"] == ODD_TEXT
    heard = {one["did"] for one in item["worklog"]}
    assert heard == {"diagnosed", "consent_given", "consent_revoked", "article_reused", "consultation_due", *CUSTOMERS}
    assert (item["round"], item["breached"]) == (3, True)


# ---- intake

POSTS: dict[str, tuple[str, list[str]]] = {
    "ticket.message_posted": ("messages", ["text"]),
    "ticket.solution_rejected": ("verification", ["comment"]),
    "ticket.solution_accepted": ("verification", ["comment"]),
    "ticket.feedback_given": ("feedback", ["satisfaction", "comment"]),
    "ticket.reopened": ("reopening", ["reason"]),
}
PEOPLE = {person.sub: person for person in (WANG, CHEN)}


async def post(world: World, who: Person, path: str, body: dict[str, Any]) -> Any:
    async with world.as_(who, "intake") as client:
        answer = await client.post(path, json=body)
    assert answer.status_code in (200, 201), answer.text
    await world.settle()
    return answer.json()


async def does_again(world: World, event: dict[str, Any]) -> None:
    """What people did then they do now; what followed from it has to follow again."""
    kind = event["type"].removeprefix("bihuan.").removesuffix(".v1")
    if kind not in POSTS:
        return
    place, fields = POSTS[kind]
    body = {name: event["data"][name] for name in fields if event["data"][name]}
    if place == "verification":
        body["accepted"] = kind == "ticket.solution_accepted"
    await post(world, PEOPLE[event["actor"]], f"/v1/tickets/{TICKET}/{place}", body)


async def test_intake_goes_through_a_life_beside_a_triage_of_the_last_version(servers: Servers) -> None:
    opened = LIFE[0]
    facts = {name: value for name, value in opened["data"]["problem"].items() if value}
    async with running(servers, intake) as world:
        assert (await post(world, WANG, "/v1/tickets", facts))["ticket"] == TICKET
        for event in LIFE[1:]:
            if event["source"] == "/bihuan/intake":
                await world.pass_time(seconds=1)
                await does_again(world, event)
            else:
                await tell(world, [event])
        assert await dead_letters(world) == []
        ticket = await read(world, "intake", f"/v1/tickets/{TICKET}")
        completed = world.published(TicketCompleted)
        [reopened] = world.published(TicketReopened)
    recorded = [event["data"] for event in LIFE if event["type"] == "bihuan.ticket.completed.v1"]
    assert (ticket["stage"], ticket["status"], ticket["round"]) == ("archived", "completed", 3)
    assert (ticket["category"], ticket["priority"], ticket["assignee"]) == ("function", "high", CHEN.sub)
    assert reopened.opened_at == datetime.fromisoformat(ticket["opened_at"])
    told = ("round", "solution", "root_cause", "steps", "result", "accepted", "comment")
    for now, then in zip(completed, recorded, strict=True):
        data = now.model_dump(mode="json")
        assert [{name: one[name] for name in told} for one in data["rounds"]] == [
            {name: one[name] for name in told} for one in then["rounds"]
        ]
        same = ("problem", "category", "priority", "assignee", "satisfaction", "company")
        assert {name: data[name] for name in same} == {
            **{name: then[name] for name in same},
            "problem": {**then["problem"], **SINCE},
        }


async def test_intake_hears_one_of_each(servers: Servers) -> None:
    async with running(servers, intake) as world:
        await post(
            world, WANG, "/v1/tickets", {"title": "V3.2 crashes", "description": "on export", "module": "reports"}
        )
        await tell(world, [event for event in ONE_OF_EACH if event["source"] != "/bihuan/intake"])
        assert await dead_letters(world) == []
        ticket = await read(world, "intake", f"/v1/tickets/{TICKET}")
    assert (ticket["category"], ticket["priority"]) == ("operation", "urgent")
    assert ticket["assignee"] == ""  # it was released
    [verified] = ticket["rounds"]
    assert (verified["round"], verified["solution"], verified["accepted"]) == (3, ODD_TEXT, None)
    assert (ticket["stage"], ticket["waiting_for"]) == ("customer_verification", "customer_verification")
