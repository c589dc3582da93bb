"""Consents over HTTP."""

import hashlib
from datetime import timedelta

from shared.events import (
    TicketConsentGiven,
)
from shared.testing import LIU, NOON, WANG, World
from tests.intake.scene import opened


async def test_staff_record_a_consent_with_the_customers_words(world: World) -> None:
    number = (await opened(world))["ticket"]
    async with world.as_(LIU, "intake") as liu:
        without = await liu.post(f"/v1/tickets/{number}/consents", json={"scope": "remote", "words": "同意"})
        body = {"scope": "remote", "words": "邮件：同意远程", "given_by": "王敏"}
        recorded = await liu.post(f"/v1/tickets/{number}/consents", json=body)
        past = await liu.post(
            f"/v1/tickets/{number}/consents", json={**body, "expires_at": (NOON - timedelta(days=1)).isoformat()}
        )
        odd = [
            await liu.post(f"/v1/tickets/{number}/consents", json={**body, "expires_at": at})
            for at in ("9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+14:00", "2200-01-01T00:00:00Z", "2026-04-01")
        ]
    assert (without.status_code, recorded.status_code, past.status_code) == (422, 201, 422)
    assert {answer.status_code for answer in odd} == {422}
    await world.settle()
    [given] = world.published(TicketConsentGiven)
    assert (given.given_by, given.actor) == ("王敏", "e-liu")


async def test_a_consent_that_there_is_not_cannot_be_revoked(world: World) -> None:
    number = (await opened(world))["ticket"]
    async with world.as_(WANG, "intake") as wang:
        answer = await wang.post(f"/v1/tickets/{number}/consents/c1/revocation")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


async def test_a_consent_names_the_message_in_which_it_was_given_and_keeps_its_hash(world: World) -> None:
    number = (await opened(world))["ticket"]
    said = "同意用 ToDesk 远程查看导出设置"
    async with world.as_(WANG, "intake") as wang:
        [theirs] = (await wang.post(f"/v1/tickets/{number}/messages", json={"text": said})).json()["messages"]
    async with world.as_(LIU, "intake") as liu:
        ours = (await liu.post(f"/v1/tickets/{number}/messages", json={"text": "好的"})).json()["messages"][-1]
        body = {"scope": "远程查看", "tool": "ToDesk", "purpose": "查看导出设置", "given_by": "王敏"}
        path = f"/v1/tickets/{number}/consents"
        given = await liu.post(path, json={**body, "message": theirs["id"]})
        refused = [
            await liu.post(path, json={**body, "message": ours["id"]}),
            await liu.post(path, json={**body, "message": "m-99"}),
            await liu.post(path, json=body),
        ]
    assert {one.status_code for one in refused} == {422}
    [consent] = given.json()["consents"]
    assert (consent["words"], consent["message"]) == (said, theirs["id"])
    assert (consent["tool"], consent["purpose"]) == ("ToDesk", "查看导出设置")
    assert consent["sha256"] == hashlib.sha256(said.encode()).hexdigest()
    await world.settle()
    [event] = world.published(TicketConsentGiven)
    assert (event.tool, event.purpose, event.words) == ("ToDesk", "查看导出设置", said)
