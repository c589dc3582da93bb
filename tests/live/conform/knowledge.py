"""What the conformance run finds of articles and training."""

from uuid import uuid4

from tests.live.desk import Desk

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


async def knowledge(desk: Desk, ticket: str) -> dict[str, list[str]]:
    """Ids by kind. The first of the articles is published for customers, and has a picture and a double; the last is
    that of this ticket."""
    articles: list[str] = []
    article = {"title": "导出时闪退", "problem": "导出大报表时闪退", "solution": "安装补丁"}
    for state in ((), ("approval",), ("approval", "publication")):
        new = {**article, "title": f"{article['title']} {state}"}
        articles.insert(0, (await desk.do("e-chen", "POST", "v1/articles", new))["id"])
        for move in state:
            await desk.do("k-he", "POST", f"v1/articles/{articles[0]}/{move}", {})
    files = {"file": ("a.png", PNG)}
    added = await desk.do("e-chen", "POST", f"v1/articles/{articles[0]}/attachments", files=files)
    text = {**article, "audience": "customers"}
    await desk.do("e-chen", "PUT", f"v1/articles/{articles[0]}", text)
    for move in ("approval", "publication"):
        await desk.do("k-he", "POST", f"v1/articles/{articles[0]}/{move}", {})
    double = (await desk.do("e-chen", "POST", "v1/articles", {**text, "audience": "internal"}))["id"]
    await desk.do("k-he", "POST", f"v1/articles/{double}/merger", {"into": articles[0]})
    sessions = []
    for quarter in ("2031-Q1", "2031-Q2", "2031-Q3"):
        sessions.append((await desk.do("lead", "POST", "v1/training-sessions", {"quarter": quarter}))["id"])
    agreed = {"what": "更新手册", "owner": "e-chen", "due_at": "2199-01-01T00:00:00Z"}
    outcome = {"attended": ["e-chen"], "outcome": "先看内存", "follow_ups": [agreed]}
    held = await desk.ask("lead", "GET", f"v1/training-sessions/{sessions[0]}")
    if held.json()["state"] != "held":  # roles share a desk
        agenda = {"planned_for": "2031-04-01T00:00:00Z", "agenda": [{"ticket": ticket}]}
        await desk.do("lead", "PUT", f"v1/training-sessions/{sessions[0]}/plan", agenda)
        await desk.do("lead", "POST", f"v1/training-sessions/{sessions[0]}/outcome", outcome)
    pack = {"product": f"产品{uuid4().hex[:6]}", "product_version": "V3.3", "goes_live_at": "2199-01-01T00:00:00Z"}
    packs = [(await desk.do("lead", "POST", "v1/release-packs", pack))["id"]]
    return {
        "article": [*articles, f"KB-{ticket}"],
        "article_file": [one["id"] for one in added["files"]],
        "training": sessions,
        "follow_up": ["1"],
        "pack": packs,
    }
