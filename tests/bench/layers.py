"""Where time goes, by layer: the innermost frame that belongs to something with a name decides."""

import pstats
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

LAYERS = (
    ("our services", r"services/\w+/"),
    ("our shared code", r"shared/\w+\.py"),
    ("OpenTelemetry", r"opentelemetry/|fastapi/telemetry/|_telemetry\.py|/_shared_internal/"),
    ("HTTP (uvicorn, FastAPI)", r"uvicorn/|fastapi/|starlette/|httptools|h11/"),
    ("Pydantic", r"pydantic"),
    ("MongoDB driver", r"motor/|pymongo/|bson/|gridfs/|concurrent/futures"),
    ("NATS client, FastStream", r"nats/|faststream/|fast_depends/"),
    ("tokens and links", r"jwt/|cryptography/"),
    ("mail", r"aiosmtplib/|email/|jinja2/|smtplib"),
    ("embedded database", r"secantus/|wiredtiger/"),
    ("event loop", r"asyncio/|uvloop|selectors|threading"),
)
PATTERNS = [(name, re.compile(pattern)) for name, pattern in LAYERS]
OURS = re.compile(r"(?:services/\w+|shared|secantus)/\w+\.py")


@dataclass
class Profile:
    by_layer: Counter[str] = field(default_factory=Counter)
    with_callees: Counter[str] = field(default_factory=Counter)  # functions, with all that they call
    total: float = 0

    def shares(self, least: float = 0.01) -> str:
        lines = [
            f"    {100 * used / self.total:5.1f} %  {name}"
            for name, used in self.by_layer.most_common()
            if used >= least * self.total
        ]
        functions = [
            f"    {100 * used / self.total:5.1f} %  {name}" for name, used in self.with_callees.most_common(18)
        ]
        return "\n".join([*lines, "  with all that they call:", *functions])


def of_stacks(lines: Iterable[str]) -> Profile:
    """From collapsed stacks: `outer (file:line);inner (file:line) count`."""
    profile = Profile()
    for line in lines:
        stack, _, count = line.rpartition(" ")
        frames = [re.sub(r":\d+\)$", ")", frame) for frame in stack.split(";")]
        used = int(count)
        profile.total += used
        profile.by_layer[_layer(reversed(frames))] += used
        for frame in {frame for frame in frames if OURS.search(frame)}:
            profile.with_callees[frame] += used
    return profile


def of_statistics(path: Path) -> Profile:
    """From what cProfile dumped: its own time of each function, by the file that it is in."""
    profile = Profile()
    for (file, _, name), (_, _, own, cumulative, _) in pstats.Stats(str(path)).stats.items():  # type: ignore[attr-defined]
        if "select" in name or "poll" in name:
            continue  # waiting
        profile.total += own
        profile.by_layer[_layer([file])] += own
        if OURS.search(file):
            profile.with_callees[f"{name} ({'/'.join(Path(file).parts[-3:])})"] += cumulative
    return profile


def _layer(frames: Iterable[str]) -> str:
    for frame in frames:
        for name, pattern in PATTERNS:
            if pattern.search(frame):
                return name
    return "other"
