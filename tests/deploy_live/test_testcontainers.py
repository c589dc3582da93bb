"""The test suite on servers in containers."""

import os
import subprocess
import sys

import pytest

from deploy.local.options import CHECKOUT

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(1800)]
SOME = ("tests/shared/bus/test_delivery.py", "tests/shared/store/test_adding.py")


def test_tests_pass_on_containers(daemon: None) -> None:
    """Some of those that ask most of both servers."""
    env = {**os.environ, "BIHUAN_TEST_BACKEND": "containers", "TESTCONTAINERS_RYUK_DISABLED": "true"}
    env.setdefault("TESTCONTAINERS_CONNECTION_MODE", "docker_host")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--timeout", "300", *SOME]
    done = subprocess.run(command, cwd=CHECKOUT, env=env, capture_output=True, text=True, timeout=1700)
    assert done.returncode == 0, done.stdout[-5000:]
