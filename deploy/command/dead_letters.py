"""`bihuan dead-letters`: what services could not handle, found by a filter, given to them again, or thrown away."""

import argparse
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deploy.command.arguments import Commands, add_json, command, group, moment, sequence
from deploy.command.output import show, show_json
from deploy.command.place import configure, opened
from deploy.local.words import LaunchError, say, tr
from deploy.services import SERVICES
from shared.bus import ALL_SERVICES, DeadLetter
from shared.bus.dead_letters import DeadLetters
from shared.terms import Text

PAGE = 200
COLUMNS = {
    "sequence": Text("sequence", "序号"),
    "service": Text("service", "服务"),
    "kind": Text("event", "事件"),
    "ticket": Text("about", "对象"),
    "tries": Text("tries", "次数"),
    "dead_lettered_at": Text("given up", "放弃时间"),
    "error": Text("error", "错误"),
}


@dataclass(frozen=True)
class Filter:
    """What is not said lets everything through."""

    sequences: frozenset[int] = frozenset()
    kind: str = ""
    ticket: str = ""
    error: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def lets_through(self, letter: DeadLetter) -> bool:
        return (
            (not self.sequences or letter.sequence in self.sequences)
            and self.kind in ("", kind_of(letter))
            and self.ticket in ("", ticket_of(letter))
            and self.error in letter.error
            and (self.since is None or letter.dead_lettered_at >= self.since)
            and (self.until is None or letter.dead_lettered_at < self.until)
        )


def add(commands: Commands) -> None:
    letters = group(commands, "dead-letters", "what services could not handle", "各服务未能处理的事件（死信）")
    _add(letters, "list", list_letters, "list them, without what they say", "列出死信（不含正文）")
    one = command(letters, "show", "one with its error; --body shows what it says", "查看一条死信；--body 显示正文")
    one.add_argument("sequence", type=sequence)
    one.add_argument("--body", action="store_true", help=tr("also what it says", "同时显示正文"))
    add_json(one)
    one.set_defaults(run=show_letter)
    for name, run, en, zh in (
        ("replay", replay, "give them to their services once more", "交由所属服务重新处理"),
        ("drop", drop, "throw them away", "丢弃死信"),
    ):
        found = _add(letters, name, run, en, zh)
        found.add_argument("sequences", nargs="*", type=sequence, metavar=tr("SEQUENCE", "序号"))
        found.add_argument("--all", action="store_true", help=tr("all that there are", "全部死信"))
        found.add_argument(
            "--yes", action="store_true", help=tr("without it is only said which", "不加此项则仅列出，不执行")
        )


def _add(letters: Commands, name: str, run: Any, en: str, zh: str) -> argparse.ArgumentParser:
    found = command(letters, name, en, zh)
    found.add_argument("--service", choices=SERVICES, help=tr("only this service's", "仅此服务"))
    found.add_argument("--kind", default="", help=tr("only this event: ticket.opened", "仅此事件，例如 ticket.opened"))
    found.add_argument("--ticket", default="", help=tr("only about this ticket", "仅与此工单有关"))
    found.add_argument("--error", default="", help=tr("only with this text in the error", "错误中含有此文字"))
    found.add_argument(
        "--since", type=moment, help=tr("given up since (12h, or a time)", "此时间之后（12h 或具体时间）")
    )
    found.add_argument("--until", type=moment, help=tr("given up before", "此时间之前"))
    add_json(found)
    found.set_defaults(run=run, sequences=[])
    return found


@asynccontextmanager
async def opened_letters(choices: argparse.Namespace) -> AsyncIterator[DeadLetters]:
    async with opened(configure(choices.local)) as bus:
        yield DeadLetters(bus.link)


async def list_letters(choices: argparse.Namespace) -> int:
    async with opened_letters(choices) as letters:
        show([row_of(one) async for one in chosen(letters, choices)], COLUMNS, choices.json)
    return 0


async def show_letter(choices: argparse.Namespace) -> int:
    async with opened_letters(choices) as letters:
        found = await letters.list(choices.sequence - 1, 1, ALL_SERVICES)
    if not found or found[0].sequence != choices.sequence:
        raise LaunchError(f"Dead letter {choices.sequence} does not exist.", f"死信 {choices.sequence} 不存在。")
    row = row_of(found[0]) | ({"body": found[0].body} if choices.body else {})
    if choices.json:
        show_json(row)
    else:
        fields = [{"name": name, "value": value} for name, value in row.items() if name != "body"]
        show(fields, {"name": Text("field", "字段"), "value": Text("value", "值")}, as_json=False)
        if choices.body:
            say(json.dumps(found[0].body, ensure_ascii=False)[1:-1])
    return 0


async def replay(choices: argparse.Namespace) -> int:
    return await _each(choices, DeadLetters.replay, Text("given to their services once more", "已重新交由所属服务处理"))


async def drop(choices: argparse.Namespace) -> int:
    return await _each(choices, DeadLetters.drop, Text("thrown away", "已丢弃"))


async def _each(choices: argparse.Namespace, do: Any, done: Text) -> int:
    """What is meant is said first: with a filter, by their numbers, or all of them."""
    named = (
        choices.sequences,
        choices.service,
        choices.kind,
        choices.ticket,
        choices.error,
        choices.since,
        choices.until,
    )
    if not any(named) and not choices.all:
        raise LaunchError(
            "Which of them? Give their sequences, a filter, or --all.", "请指定序号、筛选条件，或使用 --all。"
        )
    async with opened_letters(choices) as letters:
        found = [one async for one in chosen(letters, choices)]
        if missing := sorted({*choices.sequences} - {one.sequence for one in found}):
            raise LaunchError(
                f"There is no such dead letter: {', '.join(map(str, missing))}.",
                f"没有这些死信：{'、'.join(map(str, missing))}。",
            )
        if choices.yes:
            for one in found:
                await do(letters, one.sequence)
        show([row_of(one) for one in found], COLUMNS, choices.json)
    if not choices.json:
        count = len(found)
        say(f"{count} {done.in_('en')} · {done.in_('zh')} {count}" if choices.yes else _asked(count))
    return 0


def _asked(count: int) -> str:
    return tr(f"{count} would be. With --yes it is done.", f"共 {count} 条。加 --yes 才会执行。")


async def chosen(letters: DeadLetters, choices: argparse.Namespace) -> AsyncIterator[DeadLetter]:
    """Oldest first, those that are there now: what comes while they are gone through is left out."""
    wanted = Filter(
        frozenset(choices.sequences), choices.kind, choices.ticket, choices.error, choices.since, choices.until
    )
    after, last = 0, await letters.newest()
    while after < last and (page := await letters.list(after, PAGE, choices.service or ALL_SERVICES)):
        for one in page:
            if one.sequence <= last and wanted.lets_through(one):
                yield one
        after = page[-1].sequence


def kind_of(letter: DeadLetter) -> str:
    """`ticket.opened` of `bihuan.ticket.opened.v1`."""
    return ".".join(letter.subject.split(".")[1:3])


def ticket_of(letter: DeadLetter) -> str:
    """What it is about, where that can be read."""
    try:
        envelope = json.loads(letter.body)
    except (ValueError, RecursionError):
        return ""
    about = envelope.get("subject") if isinstance(envelope, dict) else None
    return about[:200] if isinstance(about, str) else ""


def row_of(letter: DeadLetter) -> dict[str, Any]:
    known = {name: getattr(letter, name) for name in ("sequence", "service", "tries", "dead_lettered_at", "error")}
    return {
        **known,
        "kind": kind_of(letter),
        "ticket": ticket_of(letter),
        "event_sequence": letter.event_sequence,
        "size": letter.size,
    }
