"""The customer's word on a solution, over HTTP."""

from shared.testing import LIU, WANG, World
from tests.intake.scene import opened, to_verification


async def test_only_the_customer_judges_the_solution(world: World) -> None:
    number = (await opened(world))["ticket"]
    await to_verification(world, number)
    async with world.as_(LIU, "intake") as liu:
        assert (await liu.post(f"/v1/tickets/{number}/verification", json={"accepted": True})).status_code == 403
    async with world.as_(WANG, "intake") as wang:
        answer = await wang.post(f"/v1/tickets/{number}/verification", json={"accepted": True})
        again = await wang.post(f"/v1/tickets/{number}/verification", json={"accepted": True})
    assert (answer.status_code, answer.json()["stage"], again.status_code) == (200, "feedback", 409)
