"""What the desk writes down in a customer's words is news to who has the ticket, and to nobody else."""

from shared.testing import AGENT, CHEN, LEAD, WANG, Person, World
from tests.journeys.desk import CRASH, Desk


async def inbox(desk: Desk, person: Person) -> list[str]:
    told = (await desk.do(person, "GET", "notify", "/v1/notifications?mine=true"))["items"]
    return sorted(one["template"] for one in told)


async def test_answers_that_an_agent_takes_on_the_telephone_are_told_to_the_assignee(desk: Desk, world: World) -> None:
    number = await desk.open(CRASH)
    handed = {"engineer": CHEN.sub, "reason": "knows it"}
    await desk.do(LEAD, "POST", "triage", f"/v1/tickets/{number}/work/assignment", handed)
    before = {person: await inbox(desk, person) for person in (WANG, CHEN, AGENT, LEAD)}
    await world.pass_time(seconds=1)
    answers = {"answers": {"error_text": "0x80070005"}}
    said = (await desk.do(AGENT, "POST", "intake", f"/v1/tickets/{number}/answers", answers))["messages"][-1]
    assert (said["author"], said["by_staff"], said["recorded_by"]) == (WANG.sub, False, AGENT.sub)
    assert await inbox(desk, CHEN) == sorted([*before[CHEN], "customer_wrote"])
    for person in (WANG, AGENT, LEAD):
        assert await inbox(desk, person) == before[person]


async def test_answers_that_the_assignee_takes_are_told_to_nobody(desk: Desk) -> None:
    number = await desk.open(CRASH)
    handed = {"engineer": CHEN.sub, "reason": "knows it"}
    await desk.do(LEAD, "POST", "triage", f"/v1/tickets/{number}/work/assignment", handed)
    before = {person: await inbox(desk, person) for person in (WANG, CHEN, LEAD)}
    answers = {"answers": {"error_text": "0x80070005"}}
    await desk.do(CHEN, "POST", "intake", f"/v1/tickets/{number}/answers", answers)
    for person in (WANG, CHEN, LEAD):
        assert await inbox(desk, person) == before[person]
