"""`python -m tests.bench`: measures and prints; `--out FILE` writes the figures down."""

import argparse
import asyncio
import platform
import sys
import time
import traceback
from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import psutil

from deploy.local.options import DRIVERS, driver_of_environment
from tests.bench import (
    assign,
    catch_up,
    channels,
    claims,
    clocks,
    counts,
    deliveries,
    diagnoses,
    hop,
    imports,
    intake,
    kills,
    knowledge,
    lists,
    logs,
    memory,
    outside,
    pace,
    process,
    profile,
    relay,
    replies,
    searches,
    streams,
    trainings,
)
from tests.bench.desk import Desk, desk
from tests.bench.figures import Figures

Case = Callable[[Desk], Awaitable[None]]
OTHER = next(driver for driver in DRIVERS if driver != driver_of_environment())
# Each group has a desk of its own with these options.
INTAKE: Mapping[str, Any] = {"services": ("intake",)}
GROUPS: tuple[tuple[Mapping[str, Any], dict[str, Case]], ...] = (
    (INTAKE, {"floor": intake.floor, "hop": hop.run, "pace": pace.pace, "intake": intake.posts}),
    (INTAKE, {"search": searches.searches, "knowledge": knowledge.knowledge}),
    (INTAKE, {"logs": logs.logs, "diagnosis": diagnoses.diagnoses, "training": trainings.trainings}),
    ({**INTAKE, "environment": channels.ENVIRONMENT}, {"channels": channels.channels}),
    (
        {"services": ("notify",), "environment": streams.ENVIRONMENT},
        {"mails": deliveries.mails, "stream": streams.listeners},
    ),
    (
        {"services": ("notify",), "environment": outside.ENVIRONMENT},
        {"messengers": outside.messengers, "webhooks": outside.webhooks, "relay": relay.slow_relay},
    ),
    (INTAKE, {"import": imports.imports}),
    ({**INTAKE, "mongo_driver": OTHER}, {"driver": intake.with_other_driver}),
    (
        {},
        {
            "rest": memory.at_rest,
            "assign": assign.assign,
            "process": process.process,
            "flow": assign.flow,
            "replies": replies.replies,
            "lists": lists.lists,
            "after": memory.after_load,
            "kills": kills.only_one,
        },
    ),
    ({}, {"catch_up": catch_up.catch_up}),
    ({"replicas": 2}, {"replicas": kills.one_of_two}),
    ({"services": ("sla",), "replicas": 2}, {"clocks": clocks.clocks}),
    ({"services": ("triage",), "replicas": 2}, {"claims": claims.claims}),
    ({"counted": True}, {"statements": counts.statements}),
)
NAMES = [name for _, cases in GROUPS for name in cases]


async def measure(only: list[str], quick: bool, profiled: str | None) -> tuple[Figures, list[str]]:
    """The figures, and the cases that failed."""
    figures = Figures()
    failed: list[str] = []
    options = profile.options() if profiled else {}
    for of_desk, cases in GROUPS:
        chosen = {name: case for name, case in cases.items() if not only or name in only}
        if not chosen:
            continue
        async with desk(figures, quick, **of_desk, **options) as one:
            for name, case in chosen.items():
                began = time.monotonic()
                try:
                    async with profile.sampled(one, name) if name == profiled else nullcontext():
                        await case(one)
                except Exception:  # the other cases are worth having all the same
                    traceback.print_exc()
                    failed.append(name)
                print(f"  ({name}: {time.monotonic() - began:.0f} s)", flush=True)
    if profiled:
        profile.finished()
    return figures, failed


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--out", type=Path, help="write the figures to this file: JSON, or a table if it ends in .md")
    parser.add_argument("--quick", action="store_true", help="shorter and fewer rounds")
    parser.add_argument("--profile", choices=NAMES, metavar="NAME", help="run this case alone and say where time goes")
    parser.add_argument("--only", nargs="+", choices=NAMES, default=[], metavar="NAME", help=", ".join(NAMES))
    chosen = parser.parse_args()
    load = psutil.getloadavg()[0]
    print(f"Python {platform.python_version()}, {psutil.cpu_count()} cores, load {load:.1f} at the start")
    only = [chosen.profile] if chosen.profile else chosen.only
    figures, failed = asyncio.run(measure(only, chosen.quick, chosen.profile))
    print()
    print(figures.table())
    if chosen.out:
        figures.write(chosen.out)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
