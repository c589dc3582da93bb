"""Three customers with one fault: one incident, one place for its news, three customers who verify (P2.3, P4.2)."""

from dataclasses import replace

from shared.events import SlaMet, TicketStageChanged
from shared.terms import ClockKind, Stage
from shared.testing import LEAD, WANG, World
from tests.journeys.desk import Desk

PEOPLE = [
    replace(WANG, sub=f"u-{n}", company=f"客户{n}", name=f"客户 {n}", email=f"u{n}@customer.example") for n in (1, 2, 3)
]
FAULT = {
    "title": "下单报错",
    "description": "提交委托时提示 ORA-12170，一直不能下单",
    "product": "交易系统",
    "module": "委托",
    "error_text": "ORA-12170: TNS:Connect timeout occurred",
}


async def test_one_cause_is_worked_on_once_and_closed_by_each_customer(desk: Desk, world: World) -> None:
    numbers = [await desk.open(FAULT, who) for who in PEOPLE]
    [proposed] = (await desk.do(LEAD, "GET", "triage", "/v1/incidents"))["items"]
    assert (proposed["state"], proposed["customers"]) == ("candidate", 3)
    path = f"/v1/incidents/{proposed['id']}"
    await desk.do(LEAD, "POST", "triage", f"{path}/confirmation", {"reason": "同一错误码"})
    assert not [one for one in world.published(SlaMet) if one.clock is ClockKind.RESPONSE]  # nobody has answered yet
    await desk.do(LEAD, "POST", "triage", f"{path}/updates", {"text": {"zh": "已定位原因"}})
    for number, who in zip(numbers, PEOPLE, strict=True):
        told = [one["text"] for one in (await desk.ticket(number, who))["messages"]]
        assert "已知故障" in told[0]
        assert told[1] == "已定位原因"
    answered = {one.subject for one in world.published(SlaMet) if one.clock is ClockKind.RESPONSE}
    assert answered == set(numbers)
    fix = {"solution": {"zh": "请重新下单"}, "root_cause": "连接池耗尽", "steps": "测试环境下单", "result": "成功"}
    await desk.do(LEAD, "POST", "triage", f"{path}/resolution", fix)
    stages = [(await desk.ticket(number))["stage"] for number in numbers]
    assert stages == ["customer_verification"] * 3
    yes, no = {"accepted": True}, {"accepted": False, "comment": "还是报错"}
    await desk.do(PEOPLE[0], "POST", "intake", f"/v1/tickets/{numbers[0]}/verification", yes)
    await desk.do(PEOPLE[1], "POST", "intake", f"/v1/tickets/{numbers[1]}/verification", no)
    assert [(await desk.ticket(number))["stage"] for number in numbers] == [
        "feedback",
        "handling",
        "customer_verification",
    ]
    assert not [one for one in world.published(TicketStageChanged) if one.after is Stage.ARCHIVED]
    told = (await desk.do(LEAD, "GET", "notify", "/v1/notifications"))["items"]
    templates = [one["template"] for one in told if one["recipient"] == "role:lead"]
    assert (templates.count("incident_proposed"), templates.count("incident_opened")) == (1, 1)
