"""A Docker engine for the tests: the one that answers, else one of our own for as long as the tests run.

Our own needs root, and `dockerd` on the PATH (`INSTALL=1`: from Debian's packages where it is not). It listens on a
socket in its folder alone, changes nothing of the firewall, and gives containers no way out of this machine.
"""

import json
import os
import resource
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STARTED_WITHIN = 60.0  # seconds
PACKAGES = ("docker.io", "docker-cli", "docker-compose", "docker-buildx")


class NoEngine(Exception):
    """Why there is none, in a sentence."""


def docker(*argv: str, within: float = 600, check: bool = True, **env: str) -> str:
    """What it said on standard output. Raises AssertionError with all that it said."""
    done = subprocess.run(["docker", *argv], capture_output=True, text=True, timeout=within, env={**os.environ, **env})
    if check:
        said = f"docker {' '.join(argv)}: {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-6000:]}"
        assert done.returncode == 0, said
    return done.stdout


@contextmanager
def engine(folder: Path) -> Iterator[None]:
    """Raises NoEngine."""
    if shutil.which("docker") and _answers():
        _compose_or_none()
        yield
        return
    if os.geteuid() != 0:
        raise NoEngine("no Docker engine answers, and only root may start one")
    if not (shutil.which("dockerd") and shutil.which("docker")):
        _install()
    with _own(folder):
        _compose_or_none()
        yield


def _answers() -> bool:
    return subprocess.run(["docker", "info"], capture_output=True, timeout=20).returncode == 0


def _compose_or_none() -> None:
    if subprocess.run(["docker", "compose", "version"], capture_output=True).returncode != 0:
        raise NoEngine("docker has no plugin compose (2.24 or newer): install docker-compose")


def _install() -> None:
    if os.environ.get("INSTALL") != "1" or not shutil.which("apt-get"):
        raise NoEngine("no Docker engine is installed: install one, or let us with make test-deploy INSTALL=1 (Debian)")
    known = subprocess.run(["apt-cache", "pkgnames"], capture_output=True, text=True, check=True).stdout.split()
    wanted = [name for name in PACKAGES if name in known]
    command = ["apt-get", "install", "-y", "--no-install-recommends", *wanted]
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    )
    if done.returncode != 0:
        raise NoEngine(f"docker.io cannot be installed: {done.stderr.strip()[-300:]}")


@contextmanager
def _own(folder: Path) -> Iterator[None]:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    socket, pid = f"unix://{folder}/docker.sock", folder / "docker.pid"
    (folder / "daemon.json").write_text(
        json.dumps(
            {
                "hosts": [socket],
                "pidfile": str(pid),
                "data-root": str(folder / "data"),
                "exec-root": str(folder / "exec"),
                "iptables": False,
                "ip6tables": False,
                "ip-forward": False,
                "ip-masq": False,
                "default-ulimits": {"nofile": {"Name": "nofile", "Hard": most, "Soft": most}},
            }
        )
    )
    with (folder / "dockerd.log").open("wb") as log:
        command = ["dockerd", "--config-file", str(folder / "daemon.json")]
        daemon = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    before = os.environ.get("DOCKER_HOST")
    os.environ["DOCKER_HOST"] = socket
    try:
        until = time.monotonic() + STARTED_WITHIN
        while not _answers():
            if daemon.poll() is not None or time.monotonic() > until:
                raise NoEngine(f"dockerd does not start here: {(folder / 'dockerd.log').read_text('utf-8')[-500:]}")
            time.sleep(0.2)
        yield
    finally:
        daemon.terminate()
        try:
            daemon.wait(60)
        except subprocess.TimeoutExpired:
            daemon.kill()
            daemon.wait()
        del os.environ["DOCKER_HOST"]
        if before is not None:
            os.environ["DOCKER_HOST"] = before
