"""What was declared to be asked for is a person's word as well."""

from shared.erasing import ERASED
from shared.testing import LEAD, WANG, World
from tests.intake.erasure.test_erasure import asked, closed, do
from tests.intake.forms.scene import FIELDS, declared


async def test_custom_fields_are_forgotten_and_the_ticket_can_still_be_read(world: World) -> None:
    await declared(world, FIELDS)
    body = {"title": "白屏", "description": "打开就白屏", "custom_fields": {"serial": "SN-4711"}}
    number = (await do(world, WANG, "POST", "tickets", body, 201))["ticket"]
    await closed(world, number)
    request = await asked(world)
    await do(world, LEAD, "POST", f"erasures/{request['id']}/confirmation")
    for runtime in world.runtimes.values():
        await runtime.sender.clear()
    await world.pass_time(seconds=1)
    assert (await do(world, LEAD, "GET", f"erasures/{request['id']}"))["proved"]
    left = await do(world, LEAD, "GET", f"tickets/{number}")
    assert left["problem"]["title"] == ERASED
    assert "SN-4711" not in str(left)
