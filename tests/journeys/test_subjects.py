"""Identity providers call people what they like: `auth0|5f7c` works wherever somebody is named."""

from urllib.parse import quote

import pytest

from shared.events import TriageAssigned
from shared.testing import LEAD, Person, World
from tests.journeys.desk import COMPLETE, Desk

SUBJECTS = ["auth0|5f7c", "google-oauth2|108", "陈宇@desk.example", "a b+c&d?e#f%41;g", "7f0c3a" * 20]
SUBJECTS += ["a/b", "https://id.example/people/7", "/a//b/../c/", "desk\\ann", "a%2Fb"]


@pytest.mark.parametrize("sub", SUBJECTS)
async def test_any_subject_opens_takes_reads_and_is_told(desk: Desk, world: World, sub: str) -> None:
    engineer, customer = Person(sub, ("engineer",), name="Ann"), Person(f"{sub}2", ("requester",), "H", "Bo")
    body = {"name": "Ann", "email": "ann@desk.example", "language": "en", "level": "engineer"}
    place = f"/v1/engineers/{quote(sub, safe='')}"
    assert (await desk.do(LEAD, "PUT", "triage", place, body))["id"] == sub
    there = await desk.do(engineer, "PUT", "triage", f"{place}/availability", {"available": True})
    assert there["available"]

    number = await desk.open(COMPLETE, customer)
    assert (await desk.ticket(number, customer))["contact"]["sub"] == customer.sub
    handed = {"engineer": sub, "reason": "knows it"}
    assert (await desk.do(LEAD, "POST", "triage", f"/v1/tickets/{number}/work/assignment", handed))["assignee"] == sub
    assert [event.engineer for event in world.published(TriageAssigned)] == [sub]
    rows = (await desk.do(LEAD, "GET", "triage", f"/v1/queue?assignee={quote(sub, safe='')}"))["items"]
    assert [row["ticket"] for row in rows] == [number]

    for person in (engineer, customer):
        told = (await desk.do(person, "GET", "notify", "/v1/notifications?mine=true"))["items"]
        assert {delivery["recipient"] for delivery in told} == {person.sub}
        read = await desk.do(person, "POST", "notify", f"/v1/notifications/{told[0]['id']}/read")
        assert read["read_by"] == person.sub


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/v1/engineers/a%2Fb", "GET, HEAD, PUT, PATCH"),
        ("/v1/engineers/a%2Fb/availability", "PUT"),
        ("/v1/engineers/a%2Fb/activation", "POST"),
        ("/v1/engineers/e-chen", "GET, HEAD, PUT, PATCH"),
    ],
)
async def test_what_cannot_be_done_with_an_engineer_is_answered_with_what_can(
    world: World, path: str, allowed: str
) -> None:
    async with world.as_(LEAD, "triage") as lead:
        refused = await lead.delete(path)
    assert (refused.status_code, refused.headers["allow"]) == (405, allowed)


@pytest.mark.parametrize("sub", ["role:kb_editor", "mailto:a@b.cc", "service:sla", "%00", "a%0Ab", "x" * 256])
async def test_what_is_nobodys_subject_is_made_no_engineer(desk: Desk, sub: str) -> None:
    body = {"name": "Ann", "email": "ann@desk.example", "language": "en", "level": "engineer"}
    await desk.do(LEAD, "PUT", "triage", f"/v1/engineers/{sub}", body, expect=(404, 422))
