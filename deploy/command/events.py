"""`bihuan events`: the stream as it goes, and a range of it heard again by one service."""

import argparse
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from deploy.command.arguments import Commands, add_json, command, group, sequence
from deploy.command.output import show, show_json
from deploy.command.place import configure, opened, reach
from deploy.command.services import say_unheard
from deploy.local.words import LaunchError, say, tr
from deploy.rebuild import EPOCH, hear_again
from deploy.services import SERVICES
from shared.bus import OffsetExpired
from shared.events import Event, as_dict
from shared.rebuild import Clock
from shared.service import Runtime
from shared.terms import Text

COLUMNS = {
    "sequence": Text("sequence", "序号"),
    "time": Text("time", "时间"),
    "kind": Text("event", "事件"),
    "subject": Text("about", "对象"),
    "id": Text("id", "标识"),
}


def add(commands: Commands) -> None:
    events = group(commands, "events", "the stream of events", "事件流")
    found = command(events, "tail", "the newest events, and what comes", "查看最新事件并持续跟踪")
    found.add_argument(
        "--last", type=sequence, default=20, help=tr("begin so many back (20)", "从最近若干条开始（20）")
    )
    found.add_argument("--after", type=sequence, help=tr("begin behind this sequence", "从此序号之后开始"))
    found.add_argument("--kind", default="", help=tr("only ticket.opened, or ticket.*", "仅此类事件，例如 ticket.*"))
    found.add_argument("--ticket", default="", help=tr("only about this ticket", "仅与此工单有关"))
    found.add_argument("--no-follow", action="store_true", help=tr("end at the newest", "到最新一条即结束"))
    found.add_argument("--data", action="store_true", help=tr("also what they say (JSON)", "同时输出内容（JSON）"))
    add_json(found)
    found.set_defaults(run=tail)
    again = command(
        events,
        "replay",
        "let one service hear a range again, in silence",
        "让某个服务静默重新处理一段事件（不对外发出任何事件）",
    )
    again.add_argument("service", choices=SERVICES)
    again.add_argument("--after", type=sequence, required=True, help=tr("behind this sequence", "从此序号之后"))
    again.add_argument("--until", type=sequence, required=True, help=tr("up to this sequence", "到此序号为止"))
    add_json(again)
    again.set_defaults(run=replay)


async def tail(choices: argparse.Namespace) -> int:
    """One line an event, as it comes."""
    async with opened(configure(choices.local)) as bus:
        oldest, newest = await bus.kept()
        after = choices.after if choices.after is not None else max(oldest - 1, newest - choices.last)
        if not choices.no_follow or after < newest:
            async with aclosing(bus.follow(max(after, oldest - 1))) as found:
                await _print(found, choices, newest if choices.no_follow else None)
    return 0


async def _print(
    found: AsyncGenerator[tuple[int, Event] | None, None], choices: argparse.Namespace, newest: int | None
) -> None:
    try:
        async for one in found:
            if one and wanted(one[1], choices.kind, choices.ticket):
                _line(*one, choices)
            if newest is not None and (one is None or one[0] >= newest):
                return
    except OffsetExpired:
        raise LaunchError(
            "That sequence is not in the stream, or the stream was made anew.", "该序号不在事件流中，或事件流已重建。"
        ) from None


def wanted(event: Event, kind: str, ticket: str) -> bool:
    fits = kind in ("", event.kind) or (kind.endswith(".*") and event.kind.startswith(kind[:-1]))
    return fits and ticket in ("", event.subject)


def _line(number: int, event: Event, choices: argparse.Namespace) -> None:
    row: dict[str, Any] = {
        "sequence": number,
        "time": event.time,
        "kind": event.kind,
        "subject": event.subject,
        "id": event.id,
    }
    if choices.json or choices.data:
        show_json(row | ({"event": as_dict(event)} if choices.data else {}), compact=True)
    else:
        subject = "".join(letter if letter.isprintable() else "?" for letter in event.subject)
        say(f"{number:>9}  {event.time.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z  {event.kind:<36}  {subject}")


async def replay(choices: argparse.Namespace) -> int:
    settings, clock = configure(choices.local), Clock(datetime(EPOCH.year, 1, 1, tzinfo=UTC))
    await reach(settings, choices.service)
    runtime = replace(Runtime.connect(choices.service, settings), now=clock.now, silent=True)
    done = await hear_again(choices.service, runtime, clock, choices.after, choices.until)
    row = {"service": choices.service, "read": done.read, "handled": done.handled, "left": done.left}
    row |= {"to_come": done.to_come, "dead": done.dead}
    columns = {"service": Text("service", "服务"), "read": Text("read", "读取"), "handled": Text("handled", "处理")}
    show([row], columns, choices.json)
    if not choices.json:
        say_unheard(choices.service, done)
        for one in done.left:
            say(tr(f"needs what is not there: {one}", f"缺少其所依赖的事件：{one}"))
    return 0
