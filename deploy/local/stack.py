"""A whole Bihuan on this machine: every part a process, started in order, kept running, stopped in reverse."""

import asyncio
import contextlib
import fcntl
import json
import os
import signal
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from types import TracebackType
from typing import IO

from deploy.local import mongo, parts, ports, prerequisites
from deploy.local.identity import ONE_DAY, Identity
from deploy.local.options import Options, Site
from deploy.local.people import Person
from deploy.local.started import Started
from deploy.local.supervisor import PAUSE, Part, Supervisor
from deploy.local.words import LaunchError


def silent(_: object) -> None:
    """Hears and says nothing."""


class Stack:
    """`async with Stack(options) as stack:` is ready inside and gone after."""

    def __init__(
        self,
        options: Options | None = None,
        *,
        on_started: Callable[[Started], None] = silent,
        on_notice: Callable[[str], None] = silent,
    ) -> None:
        self.options = options or Options()
        self.started: list[Started] = []
        self.mongo_url = ""
        self._on_started = on_started
        self._on_notice = on_notice
        self._supervisors: dict[str, Supervisor] = {}
        self._lock: IO[str] | None = None
        self._at_once = False
        self._gave_up: asyncio.Future[LaunchError] | None = None

    async def __aenter__(self) -> "Stack":
        try:
            await self._start()
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    @property
    def ports(self) -> dict[str, int]:
        return dict(self.site.ports)

    @property
    def url(self) -> str:
        return self.site.http("gateway")

    @property
    def nats_url(self) -> str:
        return self.site.nats_url

    @property
    def collector_url(self) -> str:
        return self.site.http("collector")

    def service_url(self, name: str) -> str:
        """A service's own address, not through the gateway."""
        return self.site.http(name)

    def process(self, name: str) -> Supervisor:
        return self._supervisors[name]

    @property
    def processes(self) -> dict[str, Supervisor]:
        return dict(self._supervisors)

    def token(self, who: Person | str, ttl: timedelta = ONE_DAY) -> str:
        return self.identity.mint(who, ttl)

    async def kill(self, name: str, sig: int = signal.SIGKILL, *, down: float = PAUSE) -> None:
        """Send a signal to a part. A deadly one is waited for; the part comes back `down` seconds later."""
        await self._supervisors[name].kill(sig, down)

    async def ready(self, name: str, within: float = 60) -> None:
        await self._supervisors[name].ready(within)

    async def broken(self) -> LaunchError:
        """Waits until a part has died too often to be started again."""
        if self._gave_up is None:
            raise LookupError("the stack is not started")
        return await asyncio.shield(self._gave_up)

    def hurry(self) -> None:
        """Stop without waiting for anybody, also if stopping has begun."""
        self._at_once = True
        for supervisor in self._supervisors.values():
            if supervisor.alive:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(supervisor.pid, signal.SIGKILL)

    async def _start(self) -> None:
        prerequisites.check_packages()
        self._gave_up = asyncio.get_running_loop().create_future()
        self._take_folder()
        self.site = Site(self.options, ports.choose(self._port_names(), self.options.ports))
        self.identity = Identity.of(self.site.data)
        chosen = mongo.choose(self.site)
        self.mongo_url = chosen.url
        first = [parts.nats(self.site, name) for name in self.options.nats_names]
        if chosen.part:
            first.append(chosen.part)
        else:
            begun = time.monotonic()
            found = await mongo.reach(chosen.url)
            self._note(Started("mongo", f"{chosen.what}, {found}", time.monotonic() - begun))
        await self._launch([*first, parts.collector(self.site)])
        await self._launch(parts.service(self.site, name, chosen.url) for name in self.options.process_names)
        if self.options.gateway:
            await self._launch([parts.gateway(self.site)])
        self._write_down()

    async def _launch(self, group: Iterable[Part]) -> None:
        """Start parts that do not wait for each other."""
        begun = [asyncio.create_task(self._start_one(part)) for part in group]
        try:
            await asyncio.gather(*begun)
        finally:
            for task in begun:
                task.cancel()
            await asyncio.gather(*begun, return_exceptions=True)

    async def _start_one(self, part: Part) -> None:
        begun = time.monotonic()
        supervisor = self._supervisors[part.name] = Supervisor(part, self._on_notice, self._give_up)
        await supervisor.start()
        self._note(Started(part.name, part.what, time.monotonic() - begun))

    async def _stop(self) -> None:
        names = self.options.process_names
        services = [self._supervisors[name] for name in self._supervisors if name in names]
        rest = [self._supervisors[name] for name in reversed(self._supervisors) if name not in names]
        gateway = [one for one in rest if one.part.name == "envoy"]
        # The services stop together: one after another they could take 20 s each.
        for group in (gateway, services, *([one] for one in rest if one not in gateway)):
            await asyncio.gather(*(one.stop(at_once=self._at_once) for one in group))
        self._supervisors.clear()
        if self._lock is not None:
            (self.options.data_dir / "stack.json").unlink(missing_ok=True)
            self._lock.close()
            self._lock = None

    def _note(self, started: Started) -> None:
        self.started.append(started)
        self._on_started(started)

    def _give_up(self, trouble: LaunchError) -> None:
        if self._gave_up is not None and not self._gave_up.done():
            self._gave_up.set_result(trouble)

    def _port_names(self) -> list[str]:
        names = ["gateway", "envoy_admin"] if self.options.gateway else ["gateway"]
        names += [*self.options.process_names, "collector", "mail"]
        for node in self.options.nats_names:
            names += [node, parts.sibling("nats_monitor", node)]
            if self.options.nats_nodes > 1:
                names.append(parts.sibling("nats_route", node))
        return names if mongo.given_url(self.options) else [*names, "mongo"]

    def _take_folder(self) -> None:
        folder = self.options.data_dir
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (folder / "lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise LaunchError(
                f"Another Bihuan is running on {folder}: end it with Ctrl-C, or name another folder (--data-dir).",
                f"{folder} 上已有一个闭环在运行：请先用 Ctrl-C 结束它，或用 --data-dir 指定其他目录。",
            ) from None
        self._lock = lock

    def _write_down(self) -> None:
        """What `python -m deploy.local trace` needs to find a running stack."""
        facts = {"pid": os.getpid(), "gateway": self.url, "collector": self.collector_url, "ports": self.ports}
        (self.options.data_dir / "stack.json").write_text(json.dumps(facts) + "\n", "utf-8")
