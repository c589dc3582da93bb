"""`make test-deploy`: skipped, with the reason, where there is no Docker engine and none may be started.

Images that cannot be pulled here are named by NATS_IMAGE, MONGO_IMAGE and ENVOY_IMAGE, and our own, where it cannot be
built, by BIHUAN_IMAGE.
"""

import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import cast

import pytest

from deploy.local.options import CHECKOUT
from deploy.local.stack import Stack
from tests.deploy_live.engine import NoEngine, docker, engine
from tests.deploy_live.stack import ComposeStack, running
from tests.live.desk import Desk

IMAGE = "bihuan:test-deploy"


@pytest.fixture(scope="session")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    try:
        with engine(tmp_path_factory.mktemp("docker")):
            yield
    except NoEngine as error:
        pytest.skip(f"nothing of the deployment was tested: {error}")


@pytest.fixture(scope="session")
def image(daemon: None) -> str:
    """That of this checkout, unless one is named."""
    if not os.environ.get("BIHUAN_IMAGE"):
        subprocess.run(["make", "-s", "image", f"IMAGE={IMAGE}"], cwd=CHECKOUT, check=True, timeout=1800)
        os.environ["BIHUAN_IMAGE"] = IMAGE
    return docker("image", "inspect", "-f", "{{.Id}}", os.environ["BIHUAN_IMAGE"]).strip()


@pytest.fixture(scope="module")
def stack(image: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ComposeStack]:
    with running(ComposeStack(tmp_path_factory.mktemp("compose"))) as stack:
        yield stack


@pytest.fixture
async def desk(stack: ComposeStack) -> AsyncIterator[Desk]:
    async with at(stack) as desk:
        yield desk


def at(stack: ComposeStack) -> Desk:
    """It asks of a stack what ours has as well. People wait longer than everything is stopped for a backup, its drill
    and its return, on a slow machine too."""
    return Desk(cast(Stack, stack), patience=900)


def writable(folder: Path) -> Path:
    """By the user of our image."""
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    return folder
