"""The commands of `python -m deploy.local`."""

import argparse
import asyncio
import json
import signal
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from importlib import import_module
from pathlib import Path

from deploy.local import console, tree
from deploy.local.availability import make_engineers_available
from deploy.local.banner import line_of, welcome, write_tokens
from deploy.local.identity import Identity
from deploy.local.log_tail import LogTail
from deploy.local.options import FIXED_PORTS, Options, fixed_ports
from deploy.local.running import Running
from deploy.local.stack import Stack
from deploy.local.started import Started
from deploy.local.words import LaunchError, say, tr

MOST_REPLICAS = 9


def run(argv: Sequence[str]) -> int:
    choices = _parser().parse_args(argv)
    command: Callable[[argparse.Namespace], Awaitable[int]] = choices.command
    return asyncio.run(_until_interrupted(command(choices), choices))


async def up(choices: argparse.Namespace) -> int:
    ports = None if choices.free_ports else fixed_ports(dict(choices.port), choices.replicas)
    options = Options(
        choices.data_dir, ports, replicas=choices.replicas, target=choices.target, trace_ratio=choices.trace_ratio
    )
    echo = LogTail(choices.verbose, sys.stdout.isatty())
    stack = choices.stack = Stack(options, on_started=lambda started: say(line_of(started)), on_notice=say)
    for name in ("nats", "mongo", "collector", *options.process_names, "envoy"):
        echo.follow(options.data_dir / "log" / f"{name}.log")
    async with stack:
        if stack.options.target == Options().target:
            await make_engineers_available(stack)
        say(welcome(stack, write_tokens(stack)))
        beside = [asyncio.create_task(echo.run())]
        if choices.console:
            beside.append(asyncio.create_task(console.build(stack.url, say)))
        try:
            raise await stack.broken()
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            echo.show()
            say(tr("Stopping ...", "正在停止……"))


async def demo(choices: argparse.Namespace) -> int:
    """On free ports and with fresh data, so that it runs beside anything; or on a stack that runs already."""
    play = import_module("deploy.local.demo").play
    if choices.at:
        data_dir = choices.data_dir or Options().data_dir
        return int(await play(Running(choices.at, choices.collector, Identity.of(data_dir))))
    with tempfile.TemporaryDirectory(prefix="bihuan-demo-") as folder:
        options = Options(data_dir=choices.data_dir or Path(folder), replicas=choices.replicas)
        stack = choices.stack = Stack(options, on_started=_silent_unless(choices.verbose), on_notice=say)
        async with stack:
            status = await play(stack, stack.started)
            if choices.keep:
                say(welcome(stack, write_tokens(stack)))
                raise await stack.broken()
    return int(status or 0)


async def trace(choices: argparse.Namespace) -> int:
    collector = choices.collector or _running(choices.data_dir)["collector"]
    style = tree.Style(colour=sys.stdout.isatty(), fold=choices.fold, limit=choices.limit)
    traces = await tree.fetch(collector, choices.ticket)
    if not traces:
        raise LaunchError(f"No trace of ticket {choices.ticket} is kept.", f"没有工单 {choices.ticket} 的链路记录。")
    for spans in traces:
        say(f"{spans[0].trace_id}\n{tree.render(spans, style)}\n")
    say(f"{collector}/tickets/{choices.ticket}")
    return 0


async def token(choices: argparse.Namespace) -> int:
    ttl = timedelta(hours=choices.hours)
    say(Identity.of(choices.data_dir).mint(choices.who, ttl))
    return 0


async def _until_interrupted(command: Awaitable[int], choices: argparse.Namespace) -> int:
    """Ctrl-C (or SIGTERM) ends everything and that is a success; a second one does not wait."""
    task = asyncio.ensure_future(command)
    told = False

    def show_ready() -> None:
        nonlocal told
        stack: Stack | None = getattr(choices, "stack", None)
        if told and stack is not None:
            stack.hurry()
        else:
            task.cancel()
        told = True

    loop = asyncio.get_running_loop()
    for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if sig != signal.SIGHUP or signal.getsignal(sig) != signal.SIG_IGN:  # nohup
            loop.add_signal_handler(sig, show_ready)
    with suppress(asyncio.CancelledError):
        return await task
    return 0


def _running(data_dir: Path) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads((data_dir / "stack.json").read_text("utf-8"))
    except FileNotFoundError:
        raise LaunchError(
            f"No Bihuan runs on {data_dir}: start one with `python -m deploy.local up`.",
            f"{data_dir} 上没有运行中的闭环：请先执行 `python -m deploy.local up`。",
        ) from None
    return found


def _silent_unless(verbose: bool) -> Callable[[Started], None]:
    return lambda started: say(line_of(started)) if verbose else None


def _port(text: str) -> tuple[str, int]:
    name, _, number = text.partition("=")
    if name.partition(".")[0] not in FIXED_PORTS or not number.isdigit() or int(number) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r}: NAME=NUMBER, NAME one of {', '.join(FIXED_PORTS)}")
    return name, int(number)


def _count(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= MOST_REPLICAS:
        raise argparse.ArgumentTypeError(tr(f"{text!r}: 1 to {MOST_REPLICAS}", f"{text!r}：取值 1 至 {MOST_REPLICAS}"))
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m deploy.local", description=tr("Bihuan on this machine", "在本机运行闭环")
    )
    replicas = tr("processes of each service", "每个服务的进程数")
    commands = parser.add_subparsers(required=True, metavar="up | demo | trace | token")

    one = commands.add_parser("up", help=tr("start everything until Ctrl-C", "启动全部服务，按 Ctrl-C 结束"))
    one.set_defaults(command=up)
    one.add_argument("--data-dir", type=Path, default=Options().data_dir)
    one.add_argument("--port", type=_port, action="append", default=[], metavar="NAME=NUMBER")
    one.add_argument("--replicas", type=_count, default=1, metavar="N", help=replicas)
    one.add_argument("--free-ports", action="store_true", help=tr("pick free ports", "自动选择空闲端口"))
    one.add_argument("--trace-ratio", type=float, default=1.0)
    one.add_argument("--target", default=Options().target, help=tr("what uvicorn runs", "uvicorn 运行的对象"))
    one.add_argument("--console", action="store_true", help=tr("build the staff console", "同时构建客服工作台"))
    one.add_argument("--verbose", "-v", action="store_true", help=tr("show all logs", "显示全部日志"))

    one = commands.add_parser("demo", help=tr("play one ticket's life", "演示一张工单的全过程"))
    one.set_defaults(command=demo)
    one.add_argument("--data-dir", type=Path, default=None)
    one.add_argument("--replicas", type=_count, default=1, metavar="N", help=replicas)
    at = tr("a running stack's gateway; its data folder has the identity", "运行中的网关地址；其数据目录含身份密钥")
    one.add_argument("--at", metavar="URL", help=at)
    one.add_argument("--collector", metavar="URL", default="http://127.0.0.1:4318")
    one.add_argument(
        "--keep", action="store_true", help=tr("keep running until Ctrl-C", "演示后继续运行，按 Ctrl-C 结束")
    )
    one.add_argument("--verbose", "-v", action="store_true")

    one = commands.add_parser("trace", help=tr("a ticket's traces as trees", "以树形显示工单的链路"))
    one.set_defaults(command=trace)
    one.add_argument("ticket")
    one.add_argument("--data-dir", type=Path, default=Options().data_dir)
    one.add_argument("--collector", metavar="URL")
    one.add_argument("--fold", type=int, default=3)
    one.add_argument("--limit", type=int, default=200)

    one = commands.add_parser("token", help=tr("a token for a person or role", "某人或某角色的令牌"))
    one.set_defaults(command=token)
    one.add_argument("who")
    one.add_argument("--data-dir", type=Path, default=Options().data_dir)
    one.add_argument("--hours", type=float, default=24)
    return parser
