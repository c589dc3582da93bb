"""Reviews that nobody has published, and improvements that were raised from them."""

from datetime import UTC, datetime, timedelta

from tests.live.desk import Desk, Json, eventually

OWNER = "e-chen"


async def reviewed(desk: Desk, ids: dict[str, list[str]]) -> None:
    """Once the day has been counted, so that there are entries."""
    ids["figure"] = ["opened", "late", "resolution:breached"]
    for _ in range(3):
        review = await eventually(lambda: _with_entries(desk))
        ids["review"].append(review["id"])
        entry = review["content"]["problems"][0]
        about = {name: entry[name] for name in ("dimension", "value")}
        more = {"kind": "manual", "title": "完善手册", "owner": OWNER, "due_on": "2199-01-01"}
        raised = await desk.do("lead", "POST", f"v1/reviews/{review['id']}/improvements", {**about, **more})
        ids["improvement"].append(raised["id"])


async def _with_entries(desk: Desk) -> Json:
    today = datetime.now(UTC).date()
    period = {"since": str(today - timedelta(days=1)), "until": str(today + timedelta(days=2))}
    made: Json = await desk.do("lead", "POST", "v1/reviews", period)
    return made if made["content"]["problems"] else {}
