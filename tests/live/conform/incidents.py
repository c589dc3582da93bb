"""Incidents of the conformance desk: candidates, and some that are confirmed."""

from typing import TYPE_CHECKING
from uuid import uuid4

from tests.live.desk import eventually

if TYPE_CHECKING:
    from tests.live.conform.scene import Scene


async def incidents(scene: "Scene") -> None:
    """The last ones are confirmed; other codes each time, since roles share a desk."""
    for _ in range(6):
        code = f"ORA-{int(uuid4().hex[:8], 16) % 100_000:05}"
        words = {"title": f"下单提示 {code}", "description": f"提交委托时提示 {code}。", "product": "交易系统"}
        made = [
            await scene.does(
                "agent", "v1/tickets", {**words, "customer": {"name": f"联系人{n}", "company": f"群发客户{n}"}}
            )
            for n in range(3)
        ]
        scene.tickets["grouped"] = made[-1]["ticket"]
        named = {f"IN-{one['ticket'].removeprefix('TK-')}" for one in made}

        async def proposed(named: set[str] = named) -> list[str]:
            rows = (await scene.desk.do("lead", "GET", "v1/incidents"))["items"]
            return [one["id"] for one in rows if one["id"] in named]

        scene.ids["incident"] += await eventually(proposed)
    for id in scene.ids["incident"][3:]:
        await scene.desk.do("lead", "POST", f"v1/incidents/{id}/confirmation", {"reason": "同一错误码"})
