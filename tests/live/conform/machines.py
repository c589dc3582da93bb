"""Other systems: webhooks that they are told by, and API keys that they come with."""

from tests.live.desk import Desk

HOOK = {"name": "ERP", "url": "https://erp.example/hook", "events": ["ticket.*"]}
KEY = {"name": "ERP", "scopes": ["ticket:read"]}


async def connected(desk: Desk, ids: dict[str, list[str]]) -> None:
    ids["webhook"] = [(await desk.do("admin", "POST", "v1/webhooks", HOOK))["id"] for _ in range(3)]
    ids["api_key"] = [(await desk.do("admin", "POST", "v1/api-keys", KEY))["id"] for _ in range(3)]
