"""What processes cost: CPU time, and memory that is theirs alone or their part of what is shared."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import psutil

Pids = Callable[[], Mapping[str, int]]
OTHERS = "others"


def family(pid: int) -> list[psutil.Process]:
    try:
        first = psutil.Process(pid)
        return [first, *first.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def cpu_seconds(pid: int) -> float:
    total = 0.0
    for process in family(pid):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total


def machine_seconds() -> float:
    """CPU seconds of everything on this machine."""
    times = psutil.cpu_times()
    idle: float = times.idle + getattr(times, "iowait", 0.0)
    return sum(times) - getattr(times, "guest", 0.0) - getattr(times, "guest_nice", 0.0) - idle


def pss_mib(pid: int) -> float:
    """Proportional set size: private memory, and of what is shared with others this process's part."""
    total = 0
    for process in family(pid):
        try:
            text = Path(f"/proc/{process.pid}/smaps_rollup").read_text("ascii")
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total / 1024


@dataclass
class Window:
    """`with Window(pids) as window:` knows afterwards how long it was and what each process used in it."""

    pids: Pids
    seconds: float = 0.0

    def __enter__(self) -> "Window":
        self._before = self._look()
        self._machine = machine_seconds()
        self._began = time.perf_counter()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.seconds = time.perf_counter() - self._began
        after = self._look()
        self.used = {name: max(used - self._before.get(name, 0.0), 0.0) for name, used in after.items()}
        self.others = max(machine_seconds() - self._machine - sum(self.used.values()), 0.0)

    def _look(self) -> dict[str, float]:
        return {name: cpu_seconds(pid) for name, pid in self.pids().items()}

    def per(self, operations: int) -> dict[str, float]:
        """Milliseconds an operation, of the processes that used any."""
        each = {name: used * 1000 / max(operations, 1) for name, used in self.used.items()}
        return {name: ms for name, ms in each.items() if ms >= 0.005}

    @property
    def strangers(self) -> str:
        """How many cores were busy with something else than what is measured."""
        return f"other work on {self.others / self.seconds:.2f} cores"
