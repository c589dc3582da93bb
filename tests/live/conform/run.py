"""One run of schemathesis, in a process of its own, as one person."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections import Counter
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from deploy.local.options import CHECKOUT
from deploy.services import SERVICES
from shared.domain import Refusal
from shared.http.problems import WORD_BEGINS
from tests.live.conform.plan import Json, Operation, operations
from tests.live.conform.scene import Scene

HOOKS = "tests.live.conform.hooks"
# Told by what is no Refusal: of requests that match no route or cannot be read, and by the gateway.
OTHERS = (
    "HttpError",
    "MethodNotAllowed",
    "InternalError",
    "TooSlow",
    "Malformed",
    "TooManyRequests",
    "HeadersTooLarge",
)
# What the gateway lets through; it refuses what is no method that it knows with 400.
OTHER_METHODS = ("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "TRACE")
CONFIG = """
seed = {seed}
base-url = {url}
headers = {headers}
continue-on-failure = true
max-redirects = 0
request-timeout = 30
suppress-health-check = ["all"]
warnings = false

[generation]
max-examples = {examples}
no-shrink = true
database = "none"

[phases.examples]
enabled = false
[phases.stateful]
enabled = false
[phases.coverage]
unexpected-methods = {methods}

[checks.negative_data_rejection]
expected-statuses = ["4xx"]
# Bodies are valid in ways that no schema can say, and keys are used twice.
[checks.positive_data_acceptance]
enabled = false
# It takes the token for forgotten that is sent with every request.
[checks.missing_required_header]
enabled = false
"""
NOT_COVERED = """
[[operations]]
include-name = {names}
[operations.phases.coverage]
enabled = false
"""
NOT_THEIRS = """
[operations.generation]
max-examples = 1
"""


def known_problems() -> list[str]:
    """The `type` of every problem that we may tell of."""
    for service in SERVICES:
        import_module(f"services.{service}.app")
    names = {*OTHERS, *(kind.__name__ for kind in _below(Refusal))}
    return sorted(f"urn:bihuan:problem:{WORD_BEGINS.sub('-', name).lower()}" for name in names)


def _below(kind: type[Refusal]) -> set[type[Refusal]]:
    return {kind}.union(*(_below(one) for one in kind.__subclasses__()))


@dataclass(frozen=True)
class Report:
    """`seen`: how often each operation answered with each status, as `POST /v1/…` and `201`."""

    good: bool
    said: str
    seen: Counter[tuple[str, int]]


@dataclass(frozen=True)
class Part:
    """What one of them asks: `may` is what they may do, `covers` what they go through value by value."""

    who: str | None
    may: set[Operation]
    covers: set[Operation]
    examples: int
    seed: int


async def conform(scene: Scene, document: Json, part: Part, folder: Path) -> Report:
    openapi, config, seen = folder / "openapi.json", folder / "schemathesis.toml", folder / "seen.tsv"
    openapi.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    config.write_text(_config(scene, document, part), "utf-8")
    command = [
        sys.executable,
        "-m",
        "schemathesis.cli",
        "--config-file",
        str(config),
        "run",
        str(openapi),
        "--no-color",
    ]
    settings = {
        "PYTHONPATH": str(CHECKOUT),
        "SCHEMATHESIS_HOOKS": HOOKS,
        "BIHUAN_CONFORM_SEEN": str(seen),
        "BIHUAN_CONFORM_PROBLEMS": json.dumps(known_problems()),
    }
    run = await asyncio.create_subprocess_exec(
        *command, stdout=PIPE, stderr=STDOUT, cwd=folder, env=os.environ | settings
    )
    try:
        said, _ = await run.communicate()
    finally:
        if run.returncode is None:
            run.kill()
            await run.wait()
    lines = seen.read_text("utf-8").splitlines() if seen.exists() else []
    counted = Counter((f"{method} {path}", int(status)) for method, path, status in (one.split("\t") for one in lines))
    return Report(run.returncode == 0, said.decode(errors="replace"), counted)


def _config(scene: Scene, document: Json, part: Part) -> str:
    everything = set(operations(document))
    text = CONFIG.format(
        seed=part.seed,
        url=json.dumps(scene.desk.stack.url),
        headers=f'{{ Authorization = "Bearer {scene.desk.token(part.who)}" }}' if part.who else "{}",
        examples=part.examples,
        methods=json.dumps(OTHER_METHODS),
    )
    if names := _names((part.may - part.covers) & everything):
        text += NOT_COVERED.format(names=names)
    if names := _names(everything - part.may):
        text += NOT_COVERED.format(names=names) + NOT_THEIRS
    return text


def _names(operations: set[Operation]) -> str:
    return json.dumps([f"{method.upper()} {path}" for method, path in sorted(operations)]) if operations else ""
