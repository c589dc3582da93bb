"""One part as a process of its own that is started, watched, restarted and stopped."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.options import CHECKOUT
from deploy.local.probe import Probe
from deploy.local.words import LaunchError, tr

PARENT_WATCH = Path(__file__).with_name("parent_watch.py")
PAUSE = 0.05  # seconds
DEATHS, WITHIN = 5, 60.0
LOG_LIMIT = 20_000_000


@dataclass(frozen=True)
class Part:
    """What is started and how one sees that it is ready. `patience`: seconds to get ready; `grace`: to stop; `pause`:
    until it is started again; `folder`: where, which for our own code is the checkout that runs."""

    name: str
    what: str
    argv: tuple[str, ...]
    probe: Probe
    log: Path
    env: Mapping[str, str] = field(default_factory=dict)
    patience: float = 30.0
    grace: float = 5.0
    pause: float = PAUSE
    folder: Path = CHECKOUT


class Supervisor:
    """A part that is kept running until `stop`."""

    def __init__(self, part: Part, notice: Callable[[str], None], give_up: Callable[[LaunchError], None]) -> None:
        self.part = part
        self._notice = notice
        self._give_up = give_up
        self._process: Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self._deaths: deque[float] = deque(maxlen=DEATHS)
        self._down: float | None = None
        self._log_start = 0

    @property
    def pid(self) -> int:
        if self._process is None:
            raise LookupError(f"{self.part.name} is not running")
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Returns when the part is ready; a part that ends before that is not tried again."""
        await self._spawn()
        await self.ready(self.part.patience, dead_is_fatal=True)
        self._watch = asyncio.create_task(self._restart())

    async def ready(self, within: float, *, dead_is_fatal: bool = False) -> None:
        name = self.part.name
        end = time.monotonic() + within
        while time.monotonic() < end:
            if self.alive and await self.part.probe():
                return
            if dead_is_fatal and self._process is not None and self._process.returncode is not None:
                raise self._error(f"{name} ended while starting", f"{name} 在启动时退出")
            await asyncio.sleep(0.05)
        raise self._error(f"{name} was not ready within {within:.0f} s", f"{name} 在 {within:.0f} 秒内未就绪")

    async def kill(self, sig: int, down: float) -> None:
        """Send a signal; a deadly one is waited for, and the part comes back after `down` seconds."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        deadly = sig in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
        if deadly:
            self._down = down
        _signal(process, sig)
        if deadly:
            await process.wait()

    async def stop(self, *, at_once: bool = False) -> None:
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch
        process = self._process
        if process is None or process.returncode is not None:
            return
        if not at_once:
            _signal(process, signal.SIGTERM)
            _signal(process, signal.SIGCONT)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), self.part.grace)
        if process.returncode is None:
            _signal(process, signal.SIGKILL)
            await process.wait()

    async def _restart(self) -> None:
        name = self.part.name
        while self._process is not None:
            status = await self._process.wait()
            down, self._down = self._down, None
            if down is None:
                down = self.part.pause
                self._deaths.append(time.monotonic())
                if len(self._deaths) == DEATHS and self._deaths[-1] - self._deaths[0] < WITHIN:
                    en, zh = f"{name} died {DEATHS} times within a minute", f"{name} 一分钟内退出了 {DEATHS} 次"
                    self._give_up(self._error(en, zh))
                    return
                en, zh = (
                    f"{name} ended ({_how(status)}): starting it again",
                    f"{name} 已退出（{_how(status)}）：正在重启",
                )
                self._notice(tr(en, zh))
            await asyncio.sleep(down)
            await self._spawn()

    async def _spawn(self) -> None:
        log = self.part.log
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_suffix(".log.1"))
        with log.open("ab") as out:
            self._log_start = out.tell()
            creating = asyncio.create_task(
                asyncio.create_subprocess_exec(
                    *(sys.executable, "-I", "-S", str(PARENT_WATCH), str(os.getpid()), *self.part.argv),
                    stdin=DEVNULL,
                    stdout=out,
                    stderr=STDOUT,
                    cwd=self.part.folder,
                    env=_inherited() | {"PYTHONUNBUFFERED": "1"} | dict(self.part.env),
                    start_new_session=True,
                )
            )
            try:
                self._process = await asyncio.shield(creating)
            except asyncio.CancelledError:
                # half a start would leave a process that nobody knows
                while not creating.done():
                    with contextlib.suppress(asyncio.CancelledError):
                        await asyncio.wait([creating])
                self._process = creating.result()
                raise

    def _error(self, en: str, zh: str) -> LaunchError:
        words = self.last_words()
        return LaunchError(
            f"{en}; its log {self.part.log} ends with:\n{words}"
            if words
            else f"{en} and wrote nothing to {self.part.log}.",
            f"{zh}；日志 {self.part.log} 的末尾：\n{words}" if words else f"{zh}，日志 {self.part.log} 为空。",
        )

    def last_words(self, lines: int = 8) -> str:
        with self.part.log.open("rb") as log:
            log.seek(max(self._log_start, log.seek(0, os.SEEK_END) - 8000))
            text = log.read().decode(errors="replace")
        return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])


def _inherited() -> dict[str, str]:
    """Without BIHUAN_..._FILE: a file would win over the address that the launcher gives."""
    return {
        name: value for name, value in os.environ.items() if not (name.startswith("BIHUAN_") and name.endswith("_FILE"))
    }


def _signal(process: Process, sig: int) -> None:
    """Not `process.send_signal`: that polls first, and can take the exit status away from whoever waits for it."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, sig)


def _how(status: int) -> str:
    return signal.Signals(-status).name if status < 0 else f"status {status}"
