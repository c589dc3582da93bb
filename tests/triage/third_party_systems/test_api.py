"""An admin keeps the table of third-party systems, and analyses of logs suspect them."""

from services.triage.third_party_systems.domain import ThirdPartySystem, suspected
from shared.testing import ADMIN, AGENT, CHEN, WANG, World
from tests.triage.builders import TICKET
from tests.triage.scene import ask, claimed, post

PATH = "/v1/third-party-systems"
WECHAT = {"name_zh": "微信支付", "name_en": "WeChat Pay", "signatures": ["API.mch.weixin.qq.com", "com.wechat.pay"]}


async def test_an_admin_keeps_the_table(world: World) -> None:
    assert (await ask(world, CHEN, "PUT", f"{PATH}/wechat", WECHAT)).status_code == 403
    assert (await ask(world, ADMIN, "PUT", f"{PATH}/wechat", {**WECHAT, "signatures": ["x"]})).status_code == 422
    kept = await ask(world, ADMIN, "PUT", f"{PATH}/wechat", {**WECHAT, "contact": "支付组"})
    assert (kept.status_code, kept.json()["contact"]) == (200, "支付组")
    assert (await ask(world, ADMIN, "PUT", f"{PATH}/wechat", WECHAT)).json()["contact"] == ""
    assert [one["id"] for one in (await ask(world, AGENT, "GET", PATH)).json()["items"]] == ["wechat"]
    assert (await ask(world, WANG, "GET", PATH)).status_code == 403
    assert (await ask(world, AGENT, "GET", f"{PATH}/wechat")).json()["name_en"] == "WeChat Pay"
    assert (await ask(world, AGENT, "DELETE", f"{PATH}/wechat")).status_code == 403
    assert (await ask(world, ADMIN, "DELETE", f"{PATH}/wechat")).status_code == 200
    assert (await ask(world, ADMIN, "DELETE", f"{PATH}/wechat")).status_code == 404
    assert (await ask(world, AGENT, "GET", f"{PATH}/wechat")).status_code == 404


async def test_an_error_points_to_the_system(world: World) -> None:
    await ask(world, ADMIN, "PUT", f"{PATH}/wechat", WECHAT)
    await claimed(world)
    log = (
        "2026-03-02 12:00:01 用户张三点击了支付按钮\n"
        + "2026-03-02 12:00:02 ERROR api.mch.weixin.qq.com: HTTP 502\n" * 3
    )
    answer = (await post(world, CHEN, f"/v1/tickets/{TICKET}/work/log-analyses", {"text": log})).json()
    assert answer["analysis"]["systems"] == ["wechat"]
    [group] = answer["analysis"]["groups"]
    assert (group["count"], group["first_at"], group["systems"]) == (3, "2026-03-02T12:00:02", ["wechat"])
    assert [(one["who"], one["at"]) for one in answer["analysis"]["operations"]] == [("张三", "2026-03-02T12:00:01")]
    assert (answer["analysis"]["lines"], answer["first_at"]) == (4, "2026-03-02T12:00:01")
    [kept] = (await ask(world, CHEN, "GET", f"/v1/tickets/{TICKET}/work")).json()["log_analyses"]
    assert kept == answer["analysis"]


def test_the_longest_signature_wins() -> None:
    systems = [ThirdPartySystem(id="a", signatures=["pay"]), ThirdPartySystem(id="b", signatures=["pay.bank"])]
    assert suspected(systems, ["at pay.bank.X", "PAY", "none"]) == [["b", "a"], ["a"], []]
