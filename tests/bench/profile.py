"""What the processes of a desk do while a case runs: sampled by py-spy where it is there, else by cProfile."""

import asyncio
import os
import shutil
import signal
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from deploy.local.options import CHECKOUT
from tests.bench import layers
from tests.bench.desk import Desk

FOLDER = CHECKOUT / ".bihuan" / "profile"
TARGET = "tests.bench.profiled:{name}"
SAMPLES_A_SECOND = 150


def sampler() -> str | None:
    return shutil.which("py-spy")


def options() -> dict[str, Any]:
    """What a desk has to be started with so that it can be profiled."""
    if sampler():
        return {}
    FOLDER.mkdir(parents=True, exist_ok=True)
    os.environ["BIHUAN_PROFILE_FOLDER"] = str(FOLDER)
    return {"target": TARGET}


@asynccontextmanager
async def sampled(desk: Desk, name: str) -> AsyncIterator[None]:
    """Samples every service and the database; prints the shares at the end."""
    program = sampler()
    if program is None:
        yield
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    parts = {
        part: kept.pid for part, kept in desk.stack.processes.items() if part in (*desk.stack.options.services, "mongo")
    }
    running: dict[Path, Process] = {}
    for part, pid in parts.items():
        path = FOLDER / f"{name}-{part}.txt"
        # Only who holds the interpreter lock: elsewhere waiting cannot be told from working in every container.
        argv = (program, "record", "--gil", "--pid", str(pid), "--rate", str(SAMPLES_A_SECOND), "--format", "raw")
        running[path] = await asyncio.create_subprocess_exec(
            *argv, "--output", str(path), "--duration", "unlimited", stdout=DEVNULL, stderr=DEVNULL
        )
    try:
        yield
    finally:
        for process in running.values():
            process.send_signal(signal.SIGINT)
        await asyncio.gather(*(process.wait() for process in running.values()))
    for path in running:
        if path.exists():
            show(path.stem, layers.of_stacks(path.read_text("utf-8").splitlines()))


def finished() -> None:
    """What cProfile left behind when the services ended."""
    for path in sorted(FOLDER.glob("*.pstats")):
        show(path.stem, layers.of_statistics(path))
        path.unlink()


def show(what: str, profile: layers.Profile) -> None:
    if profile.total:
        print(f"  profile of {what}:\n{profile.shares()}", flush=True)
