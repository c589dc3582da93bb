"""The command `bihuan`: what there is to say, and errors as sentences."""

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Collection, Sequence
from pathlib import Path

import nats.errors
from nats.js.errors import APIError, NotFoundError
from pydantic import ValidationError
from pymongo.errors import PyMongoError

from deploy.command import backups, bus, dead_letters, demo_data, doctor, events, services
from deploy.local.options import CHECKOUT
from deploy.local.words import LaunchError, language, tr
from shared.domain import Refusal

PARTS = (dead_letters, events, bus, services, backups, doctor, demo_data)
Run = Callable[[argparse.Namespace], Awaitable[int]]
FAILED, WRONG = 1, 2
LOCAL = CHECKOUT / ".bihuan"  # where `make up` runs


def parser() -> argparse.ArgumentParser:
    return _parser()[0]


def _parser() -> tuple[argparse.ArgumentParser, Collection[str]]:
    """And the names of the commands."""
    found = argparse.ArgumentParser(
        prog="bihuan",
        description=tr(
            "Operate Bihuan. The settings are those of its services (BIHUAN_…).",
            "运维闭环。所用设置与各服务相同（BIHUAN_…）。",
        ),
    )
    found.add_argument(
        "--local",
        nargs="?",
        type=Path,
        const=LOCAL,
        metavar="FOLDER",
        help=tr("the stack that `make up` runs, on this folder", "由 `make up` 运行的本机环境及其目录"),
    )
    commands = found.add_subparsers(dest="command", required=True, metavar=tr("COMMAND", "命令"))
    for part in PARTS:
        part.add(commands)
    return found, commands.choices


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """A command right behind `--local` is no folder, for which argparse would take it."""
    found, names = _parser()
    given = [*argv]
    for at, one in enumerate(given[:-1]):
        if one == "--local" and given[at + 1] in names:
            given[at] = f"--local={LOCAL}"
            break
    return found.parse_args(given)


def main(argv: Sequence[str] | None = None) -> int:
    choices = parse(sys.argv[1:] if argv is None else argv)
    os.environ["BIHUAN_LOG_LEVEL"] = "ERROR"  # what the services themselves would say is not what was asked
    logging.getLogger("shared").addHandler(logging.NullHandler())  # what is wrong is said in a sentence
    try:
        return asyncio.run(execute(choices))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read has seen enough
        return 0


async def execute(choices: argparse.Namespace) -> int:
    """The exit status; what is wrong was said in a sentence."""
    run: Run = choices.run
    try:
        return await run(choices)
    except BrokenPipeError:
        raise
    except Refusal as error:
        return _fail(error.detail.in_(language()))
    except ValidationError as error:
        wrong = "; ".join(
            _setting(one["loc"], one["msg"]) for one in error.errors(include_input=False, include_url=False)
        )
        return _fail(wrong, WRONG)
    except (nats.errors.Error, APIError) as error:
        return _fail(_of_bus(error))
    except PyMongoError as error:
        said = str(error).split(", Timeout:")[0][:300]
        return _fail(tr(f"MongoDB did not do it: {said}", f"MongoDB 操作失败：{said}"))
    except (LaunchError, ValueError, OSError, RuntimeError) as error:
        return _fail(str(error))


def _setting(place: tuple[int | str, ...], said: str) -> str:
    name = "_".join(map(str, place)).upper()
    name = name if name.startswith("BIHUAN_") else f"BIHUAN_{name}"
    return tr(f"{name}: {said}", f"{name} 的值无效：{said}")


def _of_bus(error: Exception) -> str:
    if isinstance(error, NotFoundError):
        return tr(
            "There is no such stream or consumer yet: run `bihuan bus apply`.",
            "消息流或消费者尚不存在：请执行 `bihuan bus apply`。",
        )
    if isinstance(error, nats.errors.TimeoutError):
        return tr(
            "NATS did not answer: it is away, or this user may not do that.",
            "NATS 没有响应：服务不可用，或该用户无此权限。",
        )
    said = str(error) or type(error).__name__
    return tr(f"NATS did not do it: {said}", f"NATS 操作失败：{said}")


def _fail(sentence: str, status: int = FAILED) -> int:
    sys.stderr.write(f"{sentence}\n")
    return status
