"""The release before and this one, side by side: of each service one process runs the code of each, on the same bus and
the same databases. This is what every upgrade is for a while, also one that takes days."""

import subprocess
import tarfile
from pathlib import Path

import psutil
import pytest

from deploy.local.options import CHECKOUT
from deploy.local.stack import Stack
from deploy.services import SERVICES
from tests.live.audit import faults_found
from tests.live.conftest import options_of
from tests.live.crowd import Crowd, staff_arrives
from tests.live.desk import Desk
from tests.live.wishes import wishes

pytestmark = [pytest.mark.live, pytest.mark.timeout(900)]
TICKETS = 75
BEFORE = "0be8f63"  # the commit of the release before; moved with each release
CODE = ("services", "shared", "deploy", "docs/openapi.json", "docs/asyncapi.json", "docs/events.released.json")


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its code, out of the history."""
    folder = tmp_path_factory.mktemp("before")
    archive = folder / "before.tar"
    command = ["git", "archive", "--format=tar", "-o", str(archive), BEFORE, *CODE]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"releases side by side were not tested: this checkout has no history with {BEFORE}")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder


def runs_in(stack: Stack, name: str) -> Path:
    return Path(psutil.Process(stack.process(name).pid).cwd())


@pytest.mark.parametrize("first", ["older", "newer"])
async def test_of_both_releases_none_loses_doubles_or_sets_aside_an_event(
    before: Path, tmp_path: Path, first: str
) -> None:
    """`first`: whose process starts first, and makes the streams and indexes."""
    older = {name if first == "older" else f"{name}.2": before for name in SERVICES}
    async with Stack(options_of(tmp_path, replicas=2, checkouts=older)) as stack, Desk(stack) as desk:
        for name in stack.options.process_names:
            assert runs_in(stack, name) == (before if name in older else CHECKOUT).resolve()
        await staff_arrives(desk)
        crowd = Crowd(desk)
        await crowd.come(wishes(TICKETS))
        assert await faults_found(crowd) == ""
