"""The story that the demo plays: a crash when exporting Excel, an exchange that takes no orders, and the same crash
again at a third customer. Every act goes through the gateway with the token of the person who does it."""

from dataclasses import dataclass, field
from typing import Any

from deploy.local.client import DemoClient
from deploy.local.story_solving import propose, verify
from deploy.local.story_words import LOG, TRACE
from deploy.local.words import tr
from shared.terms import Category, ClockKind, Priority, Satisfaction, Stage, Status

ENGINEERS = (
    ("e-liu", "刘洋", "senior", "zh"),
    ("e-chen", "陈刚", "engineer", "zh"),
    ("e-zhou", "周敏", "engineer", "zh"),
)


@dataclass
class Story:
    client: DemoClient
    first: str = ""
    second: str = ""
    third: str = ""
    article: str = ""
    analysis: dict[str, Any] = field(default_factory=dict)
    opening_span: str = ""

    def __post_init__(self) -> None:
        self.first_trace = self.client.journey("journey of the first ticket")

    @property
    def trace_id(self) -> str:
        return f"{self.first_trace.get_span_context().trace_id:032x}"

    def labels(self, ticket: dict[str, Any]) -> str:
        status = Status.of(ticket["status"]).label
        stage = Stage.of(ticket["stage"]).label
        return f"{ticket['ticket']} · status {status.en} {status.zh} · stage {stage.en} {stage.zh}"


async def the_desk_opens(story: Story) -> None:
    client = story.client
    for sub, name, level, language in ENGINEERS:
        body = {"name": name, "level": level, "language": language, "email": f"{sub[2:]}@bihuan.example"}
        sentence = tr(f"puts {name} on the duty list ({level})", f"登记值班工程师{name}（{level}）")
        await client.act("lead", sentence, "PUT", f"/v1/engineers/{sub}", {**body, "skills": [], "capacity": 10})
        await client.act("lead", tr(f"{name} is available", f"{name}可接单"), "PUT",
                       f"/v1/engineers/{sub}/availability", {"available": True})  # fmt: skip
    title = "如何批量导入客户资料？"
    await client.act("u-wang", tr(f"asks a question some days before: {title}", f"此前提交的咨询：{title}"), "POST",
                   "/v1/tickets", {"title": title, "description": title}, expect=201,
                   leads_to=["triage.diagnosed"])  # fmt: skip


async def intake(story: Story) -> None:
    client, on = story.client, story.first_trace
    title = "V3.2 在 Win11 上导出 Excel 时崩溃"
    body = {"title": title, "description": "导出报表时程序直接闪退，请尽快处理。"}
    begun = len(client.events)
    sentence = tr(f"opens a ticket, vague at first: “{title}”", f"提交工单（描述较模糊）：“{title}”")
    ticket = await client.act("u-wang", sentence, "POST", "/v1/tickets", body, on=on, expect=201,
                            leads_to=["triage.diagnosed", "ticket.linked", "sla.deadline_moved"])  # fmt: skip
    story.first = ticket["ticket"]
    story.opening_span = client.last_span
    client.expect(ticket["status"] == "pending", "a new ticket is pending 待处理")
    client.note(story.labels(ticket))
    for question in ticket["questions"]:
        client.note(tr(f"guided question 引导式提问: {question['en']}", f"引导式提问: {question['zh']}"))
    linked = await client.until("ticket.linked", story.first, begun)
    client.note(tr(f"linked to {', '.join(linked['data']['to'])} of the same customer",
                 f"已关联同一客户的历史工单 {', '.join(linked['data']['to'])}"))  # fmt: skip
    answers = {"error_text": TRACE, "module": "报表中心", "steps": "打开月度报表，点击“导出 Excel”，约 3 秒后闪退"}
    asked = {question["field"] for question in ticket["questions"]}
    await client.act("u-wang", tr("answers, with a Java stack trace", "逐一答复，并附 Java 异常堆栈"), "POST",
                   f"/v1/tickets/{story.first}/answers",
                   {"answers": {name: words for name, words in answers.items() if name in asked}},
                   on=on, leads_to=["ticket.questions_answered", "ticket.resumed"], subject=story.first)  # fmt: skip
    ticket = await client.act("u-wang", tr("attaches app.log", "上传附件 app.log"), "POST",
                            f"/v1/tickets/{story.first}/attachments", on=on, expect=201,
                            files={"file": ("app.log", LOG.encode(), "text/plain")},
                            leads_to=["ticket.attachment_added"], subject=story.first)  # fmt: skip
    client.expect(len(ticket["attachments"]) == 1, "the log file is on the ticket")


async def diagnosis(story: Story) -> None:
    client, on = story.client, story.first_trace
    work = await client.act("e-chen", tr("reads how triage sees the ticket", "查看初步诊断"), "GET",
                          f"/v1/tickets/{story.first}/work", on=on)  # fmt: skip
    category, priority = Category.of(work["category"]).label, Priority.of(work["priority"]).label
    client.note(f"category {category.en} {category.zh} · priority {priority.en} {priority.zh}")
    for reason in work["reasons"]:
        client.note(tr(f"because: {reason['en']}", f"依据：{reason['zh']}"))
    client.expect(work["priority"] == "high", "a crash on export is of high priority 高")
    claimed = await client.act("e-chen", tr("takes the most urgent ticket of the queue", "按队列顺序领取最紧急的工单"),
                             "POST", "/v1/queue/claims", {}, on=on,
                             leads_to=["triage.assigned"], subject=story.first)  # fmt: skip
    client.expect(claimed["ticket"] == story.first, "the crash comes before the question")
    await eventually_at(story, story.first, "handling", on)

    title = "交易系统无法下单"
    body = {"title": title, "description": "开盘后全部用户无法下单，核心业务中断。", "business_blocked": True}
    begun = len(client.events)
    second = await client.act("u-zhao", tr(f"opens an urgent ticket: “{title}”", f"提交紧急工单：“{title}”"), "POST",
                            "/v1/tickets", body, expect=201, leads_to=["triage.assigned"])  # fmt: skip
    story.second = second["ticket"]
    assigned = (await client.until("triage.assigned", story.second, begun))["data"]
    client.expect(assigned["senior"], "an urgent ticket goes to a senior engineer at once")
    client.note(tr(f"{story.second}: urgent 紧急, at once with senior engineer 资深工程师 {assigned['engineer_name']}",
                 f"{story.second}：紧急，立即分派给资深工程师{assigned['engineer_name']}"))  # fmt: skip


async def handling(story: Story) -> None:
    client, on, first = story.client, story.first_trace, story.first
    begun = len(client.events)
    reply = "您好，已收到日志，正在分析导出时的内存问题。为确认原因，希望在您同意后远程查看一次。"
    await client.act("e-chen", tr("replies: the response clock is met", "首次回复：响应计时完成"), "POST",
                   f"/v1/tickets/{first}/messages", {"text": reply}, on=on, expect=201,
                   leads_to=["sla.met"], subject=first)  # fmt: skip
    met = (await client.until("sla.met", first, begun))["data"]
    client.note(tr(f"{met['clock']} clock met after {met['elapsed_seconds']:.1f} s of {met['target_seconds']:.0f} s",
                 f"响应用时 {met['elapsed_seconds']:.1f} 秒，时限 {met['target_seconds']:.0f} 秒"))  # fmt: skip
    session = {"tool": "ToDesk", "purpose": "查看导出时的内存占用"}
    await client.act("e-chen", tr("tries a remote session without consent: refused", "未经授权发起远程协助：被拒绝"),
                   "POST", f"/v1/tickets/{first}/work/remote-sessions", session, on=on, expect=409)  # fmt: skip
    consent = {"scope": "远程协助", "words": "同意通过 ToDesk 远程查看，仅限报表导出问题。"}
    await client.act("u-wang", tr("gives written consent", "书面同意远程协助"), "POST",
                   f"/v1/tickets/{first}/consents", consent, on=on, expect=201,
                   leads_to=["ticket.consent_given"], subject=first)  # fmt: skip
    await client.settled()
    begun = len(client.events)
    await client.act("e-chen", tr("starts the remote session under that consent", "在授权下开始远程协助"),
                             "POST", f"/v1/tickets/{first}/work/remote-sessions", session, on=on, expect=201,
                             leads_to=["triage.remote_session_started"], subject=first)  # fmt: skip
    done = {"key_steps": ["打开任务管理器", "导出 12 万行报表，内存涨到 2 GB 后闪退"], "changes": "无", "recording": ""}
    session_id = (await client.until("triage.remote_session_started", first, begun))["data"]["session"]
    await client.act("e-chen", tr("ends it with its key steps", "结束远程协助并记录关键步骤"), "POST",
                   f"/v1/tickets/{first}/work/remote-sessions/{session_id}/end", done, on=on,
                   leads_to=["triage.remote_session_ended"], subject=first)  # fmt: skip
    ticket = await client.act("e-chen", tr("opens the ticket", "打开工单"), "GET", f"/v1/tickets/{first}", on=on)
    attachment = ticket["attachments"][0]["id"]
    log = await client.act("e-chen", tr("downloads app.log", "下载 app.log"), "GET",
                         f"/v1/tickets/{first}/attachments/{attachment}", on=on)  # fmt: skip
    begun = len(client.events)
    body = {"text": log.decode(), "attachment": attachment, "root_cause": "导出时一次性读入全部行，堆内存耗尽"}
    await client.act("e-chen", tr("analyses the log", "分析日志"), "POST", f"/v1/tickets/{first}/work/log-analyses",
                   body, on=on, expect=201, leads_to=["triage.log_analysed"], subject=first)  # fmt: skip
    story.analysis = (await client.until("triage.log_analysed", first, begun))["data"]
    found = f"{', '.join(story.analysis['exceptions'])} · {', '.join(story.analysis['fingerprints'])}"
    client.note(tr(f"stack trace and its fingerprint: {found}", f"异常与堆栈指纹：{found}"))
    solution = {"solution": "临时办法：分批导出，每次不超过 1 万行。", "root_cause": "导出时堆内存耗尽"}
    await propose(story.client, first, "e-chen", solution, on)


async def verification(story: Story) -> None:
    client, on, first = story.client, story.first_trace, story.first
    await verify(story.client, first, "e-chen", "测试环境 Win11 + V3.2，导出 1 万行三次", "三次均成功", on)
    await client.act("u-wang", tr("says no: it crashes again with 120,000 rows (round 2)",
                                "用户验证未通过：12 万行仍然闪退（进入第 2 轮）"), "POST",
                   f"/v1/tickets/{first}/verification",
                   {"accepted": False, "comment": "月度报表有 12 万行，分批导出不可用。"}, on=on,
                   leads_to=["ticket.solution_rejected"], subject=first)  # fmt: skip
    await client.settled()
    solution = {
        "solution": "安装补丁 V3.2.1：导出改为流式写入，不再一次性读入内存。",
        "root_cause": "导出 Excel 时一次性读入全部行，导致 java.lang.OutOfMemoryError",
    }
    await propose(story.client, first, "e-chen", solution, on)
    await verify(
        story.client, first, "e-chen", "安装 V3.2.1，在 Win11 上导出 12 万行三次", "均成功，内存峰值 180 MB", on
    )
    begun = len(client.events)
    await client.act("u-wang", tr("says yes: solved in production, the resolution clock is met",
                                "用户在生产环境验证通过：解决计时完成"), "POST",
                   f"/v1/tickets/{first}/verification", {"accepted": True}, on=on,
                   leads_to=["ticket.solution_accepted", "sla.met"], subject=first)  # fmt: skip
    client.expect(await client.clock_met("resolution", first, begun), "the resolution clock is met")


async def feedback(story: Story) -> None:
    client, on, first = story.client, story.first_trace, story.first
    await client.act("u-wang", tr("is told the result and rates: dissatisfied 不满意", "收到结果通知并评价：不满意"),
                   "POST", f"/v1/tickets/{first}/feedback",
                   {"satisfaction": "dissatisfied", "comment": "第一轮方案没有考虑我们的数据量。"}, on=on,
                   leads_to=["sla.call_back_due"], subject=first)  # fmt: skip
    begun = len(client.events)
    cause = {"cause": "第一轮方案未考虑实际数据量，沟通不充分", "notes": "电话回访 10 分钟"}
    await client.act("a-lin", tr("calls back and records the cause", "电话回访并记录原因"), "POST",
                   f"/v1/tickets/{first}/call-back", cause, on=on,
                   leads_to=["ticket.called_back", "sla.met"], subject=first)  # fmt: skip
    client.expect(await client.clock_met("call_back", first, begun), "the call-back is within its 12 hours")
    plan = {"plan": "一周内每天检查一次导出日志，并提供大数据量导出手册。"}
    await client.act("a-lin", tr("agrees a second service plan", "商定二次服务计划"), "POST",
                   f"/v1/tickets/{first}/second-plan", plan, on=on,
                   leads_to=["ticket.plan_agreed"], subject=first)  # fmt: skip
    await client.act("a-lin", tr("the plan is carried out", "计划已执行"), "POST",
                   f"/v1/tickets/{first}/second-plan/result", {"result": "一周内导出全部正常。"}, on=on,
                   leads_to=["ticket.plan_carried_out"], subject=first)  # fmt: skip
    begun = len(client.events)
    ticket = await client.act("u-wang", tr("rates again: satisfied, completed", "再次评价：满意，工单完成"), "POST",
                            f"/v1/tickets/{first}/feedback", {"satisfaction": "satisfied"},
                            on=on, leads_to=["ticket.completed", "kb.case_archived"], subject=first)  # fmt: skip
    client.expect(ticket["status"] == "completed", "the ticket is completed 已完成")
    client.note(story.labels(ticket))
    drafted = await client.until("kb.article_drafted", begun=begun)
    story.article = drafted["subject"]
    client.note(tr(f"article {story.article} drafted, tags: ", f"知识草稿 {story.article}，标签：")
              + " + ".join(drafted["data"]["tags"]))  # fmt: skip
    article = f"/v1/articles/{story.article}"
    await client.act(
        "k-he", tr("reads and approves the draft", "审核知识草稿"), "POST", f"{article}/approval", {}, on=on
    )
    await client.act("k-he", tr("publishes it", "发布知识"), "POST", f"{article}/publication", {}, on=on,
                   leads_to=["kb.article_published"], subject=story.article)  # fmt: skip


async def reuse(story: Story) -> None:
    client = story.client
    begun = len(client.events)
    body = {
        "title": "V3.2 crashes on Win11 when exporting to Excel",
        "description": "The program closes while it writes the Excel file of a large report.",
        "module": "Reports",
        "steps": "Open a report, choose Export to Excel",
        "error_text": TRACE.replace(":118)", ":121)"),
    }
    third = await client.act("u-sun", tr("reports the same problem, in English", "（另一客户）用英文报告同样的问题"),
                           "POST", "/v1/tickets", body, expect=201, leads_to=["triage.diagnosed"])  # fmt: skip
    story.third = third["ticket"]
    diagnosed = (await client.until("triage.diagnosed", story.third, begun))["data"]
    suggested = [found["article"] for found in diagnosed["suggestions"]]
    client.expect(story.article in suggested, f"kb suggests {story.article}")
    client.note(tr(f"kb suggests 知识库推荐: {', '.join(suggested)}", f"知识库推荐：{', '.join(suggested)}"))
    await client.act("e-zhou", tr("takes it from the queue", "领取工单"), "POST", "/v1/queue/claims", {},
                   leads_to=["triage.assigned"], subject=story.third)  # fmt: skip
    await client.act("e-zhou", tr("reuses the article", "复用知识"), "POST", f"/v1/articles/{story.article}/reuses",
                   {"ticket": story.third, "details": "Same stack trace on V3.2, Win11."},
                   leads_to=["kb.article_reused"], subject=story.third)  # fmt: skip
    await client.act("e-zhou", tr("replies with the known solution", "回复已知解决方案"), "POST",
                   f"/v1/tickets/{story.third}/messages",
                   {"text": "This is a known problem; patch V3.2.1 solves it."}, expect=201)  # fmt: skip
    solution = {"solution": "Install patch V3.2.1.", "root_cause": "Known: see the article", "article": story.article}
    await propose(story.client, story.third, "e-zhou", solution)
    await verify(story.client, story.third, "e-zhou", "V3.2.1 on Win11, export 120,000 rows", "passed")
    for path, answer, sentence, leads_to in (
        ("verification", {"accepted": True}, tr("says yes", "验证通过"), "ticket.solution_accepted"),
        ("feedback", {"satisfaction": "satisfied"}, tr("rates: satisfied 满意", "评价：满意"), "kb.case_archived"),
    ):
        await client.act("u-sun", sentence, "POST", f"/v1/tickets/{story.third}/{path}", answer,
                       leads_to=[leads_to], subject=story.third)  # fmt: skip
    kinds = {event["kind"] for event in client.events if event["subject"] == story.third}
    client.expect("triage.log_analysed" not in kinds, "the third ticket needed no deep analysis")
    await client.settled()
    statistics = await client.act("lead", tr("reads the statistics", "查看统计"), "GET", "/v1/statistics")
    for line in lines_of(statistics):
        client.note(line)


async def eventually_at(story: Story, number: str, stage: str, on: Any = None) -> None:
    await story.client.settled()
    ticket = await story.client.act("e-chen", tr("looks at the ticket", "查看工单"), "GET",
                                  f"/v1/tickets/{number}", on=on)  # fmt: skip
    story.client.expect(ticket["stage"] == stage, f"{number} is at {stage}")
    story.client.note(story.labels(ticket))


def lines_of(statistics: dict[str, Any]) -> list[str]:
    """Response and resolution times by priority, satisfaction and call-backs."""
    lines = []
    for clock in (ClockKind.RESPONSE, ClockKind.RESOLUTION):
        for priority in Priority:
            figures = statistics[clock.value][priority.value]
            if figures["met"]:
                counts = f"{figures['within_target']}/{figures['met']}"
                lines.append(tr(f"{clock.label.en} {clock.label.zh}, {priority.label.en} {priority.label.zh}: "
                                f"after {figures['mean_calendar_seconds']:.1f} s, {counts} within target",
                                f"{clock.label.zh}（{priority.label.zh}）：平均 "
                                f"{figures['mean_calendar_seconds']:.1f} 秒，"
                                f"达标 {counts}"))  # fmt: skip
    rated = ", ".join(
        f"{tr(term.label.en, term.label.zh)} {statistics['satisfaction'][term.value]}" for term in Satisfaction
    )
    backs = statistics["call_backs"]
    lines.append(tr(f"satisfaction 满意度: {rated}; called back in time: {backs['in_time']}/{backs['due']}",
                    f"满意度：{rated}；按时回访 {backs['in_time']}/{backs['due']}"))  # fmt: skip
    return lines
