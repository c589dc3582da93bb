from shared.events import (
    TriageConsultationConcluded,
    TriageConsultationOpened,
)
from shared.testing import CHEN, LEAD, World
from tests.triage.builders import TICKET
from tests.triage.scene import claimed, post


async def test_a_lead_holds_a_consultation(world: World) -> None:
    await claimed(world)
    path = f"/v1/tickets/{TICKET}/work/consultation"
    body = {"background": "导出崩溃", "tried": "升级、重装", "stuck_at": "无法复现", "invited": ["研发", "产品"]}
    assert (await post(world, CHEN, path, body)).status_code == 403
    assert (await post(world, LEAD, path, {**body, "invited": []})).status_code == 422
    opened_ = await post(world, LEAD, path, body)
    assert opened_.json()["work"] == "in_consultation"
    assert (await post(world, LEAD, path, body)).status_code == 409
    conclusion = {"conclusions": "内存泄漏", "action_items": ["发补丁"]}
    concluded = await post(world, LEAD, f"{path}/conclusion", conclusion)
    assert concluded.json()["work"] == "at_work"
    assert (await post(world, LEAD, f"{path}/conclusion", conclusion)).status_code == 404
    [consultation] = world.published(TriageConsultationOpened)
    assert consultation.invited == ["研发", "产品"]
    [end] = world.published(TriageConsultationConcluded)
    assert end.action_items == ["发补丁"]
