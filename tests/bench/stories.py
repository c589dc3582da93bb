"""What happens to a ticket, told in the requests that people make; each is one kind of ticket of a desk."""

from collections.abc import Awaitable, Callable

from shared.testing import AGENT, CHEN, EDITOR, LIU, WANG, Person
from tests.bench.samples import ANSWER, FACTS, STORY, TITLES
from tests.journeys.desk import NO_ORDERS, TRACE, Desk

SOLUTION = "安装补丁 V3.2.1 后重启服务，再导出一次。若仍失败，把行数上限改为 50,000。 " * 4


async def _open(desk: Desk, n: int, **more: object) -> str:
    return await desk.open(
        {"title": f"{TITLES[n % len(TITLES)]} {n}", "description": f"{STORY} ({n})", **FACTS, **more}
    )


async def _talk(desk: Desk, ticket: str, times: int, engineer: Person = CHEN) -> None:
    for turn in range(times):
        who, text = ((engineer, ANSWER), (WANG, STORY))[turn % 2]
        await desk.do(who, "POST", "intake", f"/v1/tickets/{ticket}/messages", {"text": f"{text} {turn}"})


async def _end(desk: Desk, ticket: str, satisfaction: str = "satisfied", engineer: Person = CHEN) -> None:
    await desk.solve(ticket, SOLUTION, engineer)
    await desk.review(ticket, True)
    await desk.rate(ticket, satisfaction)


async def plain(desk: Desk, n: int) -> str:
    """Everything is said at once; two messages each way; solved in the first round."""
    ticket = await _open(desk, n)
    await desk.claim(ticket)
    await _talk(desk, ticket, 4)
    await _end(desk, ticket)
    return ticket


async def vague(desk: Desk, n: int) -> str:
    """What is missing is asked for first."""
    ticket = await desk.open({"title": f"{TITLES[n % len(TITLES)]} {n}", "description": "打不开，请尽快处理。"})
    questions = (await desk.ticket(ticket))["questions"]
    answers = {question["field"]: TRACE for question in questions if question["field"] != "title"}
    await desk.do(WANG, "POST", "intake", f"/v1/tickets/{ticket}/answers", {"answers": answers})
    await desk.claim(ticket)
    await _talk(desk, ticket, 4)
    await _end(desk, ticket)
    return ticket


async def urgent(desk: Desk, n: int) -> str:
    """With a senior at once; six messages."""
    ticket = await desk.open({**NO_ORDERS, "title": f"{NO_ORDERS['title']} {n}", **FACTS})
    await _talk(desk, ticket, 6, LIU)
    await _end(desk, ticket, engineer=LIU)
    return ticket


async def hard(desk: Desk, n: int) -> str:
    """Two rounds, remote assistance, a log; an unhappy customer is called back and promised something."""
    ticket = await _open(desk, n)
    await desk.claim(ticket)
    await _talk(desk, ticket, 6)
    consent = {"scope": "远程协助", "words": "同意"}
    await desk.do(WANG, "POST", "intake", f"/v1/tickets/{ticket}/consents", consent)
    session = {"tool": "ToDesk", "purpose": "查看内存"}
    await desk.do(CHEN, "POST", "triage", f"/v1/tickets/{ticket}/work/remote-sessions", session)
    await desk.do(CHEN, "POST", "triage", f"/v1/tickets/{ticket}/work/log-analyses", {"text": TRACE})
    await desk.solve(ticket, "分批导出")
    await desk.review(ticket, False, "12 万行仍然崩溃")
    await _end(desk, ticket, "dissatisfied")
    await desk.do(AGENT, "POST", "intake", f"/v1/tickets/{ticket}/call-back", {"cause": "第一轮未解决"})
    await desk.do(AGENT, "POST", "intake", f"/v1/tickets/{ticket}/second-plan", {"plan": "提供手册"})
    await desk.do(AGENT, "POST", "intake", f"/v1/tickets/{ticket}/second-plan/result", {"result": "已提供"})
    await desk.rate(ticket, "satisfied")
    return ticket


async def learnt(desk: Desk, n: int) -> str:
    """As a plain one, and its article is approved and published."""
    ticket = await plain(desk, n)
    for step in ("approval", "publication"):
        await desk.do(EDITOR, "POST", "kb", f"/v1/articles/KB-{ticket}/{step}", {})
    return ticket


STORIES: dict[str, Callable[[Desk, int], Awaitable[str]]] = {
    "plain": plain,
    "vague": vague,
    "urgent": urgent,
    "hard": hard,
    "learnt": learnt,
}
