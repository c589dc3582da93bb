"""`make demo`: one ticket's whole life, and two more, told step by step."""

import asyncio
import sys
import time
import traceback
from collections.abc import Awaitable, Callable, Sequence

from deploy.local import story, tree
from deploy.local.client import DemoClient, StepFailed
from deploy.local.running import Reachable
from deploy.local.spans import Span
from deploy.local.started import Started
from deploy.local.story import Story
from deploy.local.words import say

IN_THE_TRACE = {"gateway", "intake", "triage", "sla", "kb", "notify"}
CHAPTERS: tuple[tuple[str, Callable[[Story], Awaitable[None]]], ...] = (
    ("The desk opens · 服务台开张", story.the_desk_opens),
    ("P1 Intake · 服务请求受理", story.intake),
    ("P2 Diagnosis and classification · 初步诊断与分类", story.diagnosis),
    ("P3 Handling · 技术支持实施", story.handling),
    ("P4 Solution and verification · 问题解决与验证", story.verification),
    ("P5 Feedback and archive · 服务反馈与归档", story.feedback),
    ("P6 Reuse and measuring · 知识复用与质量监控", story.reuse),
)


async def play(stack: Reachable, started: Sequence[Started] = ()) -> int:
    """The exit status: 0, or 1 after saying which step failed."""
    begun = time.monotonic()
    for part in started:
        say(f"{part.part:>10}  {part.seconds:5.1f} s  {part.what}")
    client = DemoClient(stack, colour=sys.stdout.isatty())
    try:
        async with client:
            told = Story(client)
            for title, chapter in CHAPTERS:
                client.chapter(title)
                await chapter(told)
            told.first_trace.end()
        spans = await whole_trace(stack, told.trace_id)
    except StepFailed as failure:
        say(f"\ndemo failed at step {client.steps} ({client.step}): {failure}")
        return 1
    except Exception:  # a part of the story that nobody thought of: told with its place in the code
        say(f"\n{traceback.format_exc()}\ndemo failed at step {client.steps} ({client.step})")
        return 1
    services = {span.service for span in spans} & IN_THE_TRACE
    show(stack, told, spans)
    if services != IN_THE_TRACE:
        say(f"\ndemo failed: the trace lacks {', '.join(sorted(IN_THE_TRACE - services))}")
        return 1
    seconds = time.monotonic() - begun
    say(
        f"\ndemo ok: {client.steps} steps, {len(client.events)} events, trace {told.trace_id} "
        f"over {len(services)} services, {seconds:.1f} s"
    )
    return 0


async def whole_trace(stack: Reachable, trace_id: str) -> list[Span]:
    """The spans of one trace, once no more of them arrive. Raises StepFailed when there are none."""
    spans: list[Span] = []
    for _ in range(40):
        await asyncio.sleep(0.5)
        now = await tree.fetch_trace(stack.collector_url, trace_id)
        if now and len(now) == len(spans):
            return now
        spans = now
    raise StepFailed(f"the collector has no complete trace {trace_id}")


def show(stack: Reachable, told: Story, spans: list[Span]) -> None:
    colour = sys.stdout.isatty()
    say(f"\nThe trace of {told.first} from its opening on, over gateway, services and stores · 首张工单的调用链：\n")
    opening = below(spans, told.opening_span)
    say(tree.render(opening, tree.Style(colour=colour, limit=90)))
    say(f"\n{len(spans)} spans in the whole journey of {told.first}. Where to look next · 接下来可以看：")
    say("  make up                      the same stack, kept running · 保持运行")
    say(f"  make trace TICKET={told.first}   a ticket's traces as a tree, while it runs · 运行时查看调用链")
    say("  README.md, README.zh-CN.md   the picture of services and events · 服务与事件全景")


def below(spans: list[Span], root: str) -> list[Span]:
    """This span and all under it."""
    kept = {root}
    for _ in spans:
        more = {span.span_id for span in spans if span.parent_id in kept} - kept
        if not more:
            break
        kept |= more
    return [span for span in spans if span.span_id in kept]
