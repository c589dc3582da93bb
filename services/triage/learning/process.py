"""The training, in a process of its own with a limit on its time."""

import asyncio
import importlib.util
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass

WITHIN = 900.0  # seconds
ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class NotTrained(Exception):
    """Why nothing was learned."""


@dataclass(frozen=True)
class Result:
    texts: int
    labels: list[str]
    accuracy: float
    accepted: float
    content: bytes


def is_installed() -> bool:
    return importlib.util.find_spec("sklearn") is not None


async def train(pairs: Sequence[tuple[str, str]], within: float = WITHIN) -> Result:
    """Of texts and their labels. Raises NotTrained."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.triage.learning",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**ENVIRONMENT, "PYTHONPATH": os.pathsep.join(one or os.getcwd() for one in sys.path)},
    )
    lines = "\n".join(json.dumps(pair) for pair in pairs).encode()
    try:
        told, errors = await asyncio.wait_for(process.communicate(lines), within)
    except TimeoutError:
        raise NotTrained(f"it took more than {within:.0f} s") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        last = errors.decode(errors="replace").strip().rpartition("\n")[2]
        raise NotTrained(f"it ended with {process.returncode} {last[:200]}")
    head, _, content = told.partition(b"\n")
    return Result(**json.loads(head), content=content)
