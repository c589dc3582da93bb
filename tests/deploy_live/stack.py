"""A Bihuan of compose, in a project of its own that is removed with all its volumes."""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from deploy.local.identity import ONE_DAY, Identity
from deploy.local.options import CHECKOUT
from deploy.local.people import Person
from tests.deploy_live.engine import docker
from tests.servers import free_port

FOLDER = CHECKOUT / "deploy" / "compose"
HERE = Path(__file__).parent
UP_WITHIN = 900  # seconds; the first one pulls its images
PUBLISHED = ("gateway", "trial", "mongo", "nats", "nats2", "nats3")
HOST = re.compile(r"@[a-z]+:\d+")


@dataclass
class ComposeStack:
    """To `Desk` and `stream` it is what a `Stack` of the local runner is: `url`, `token`, `nats_url`, `mongo_url`.
    `files` stand behind compose.yaml; `folder` is for what is read out of its volumes."""

    folder: Path
    files: Sequence[Path] = ()
    nats_nodes: Sequence[str] = ("nats",)
    name: str = field(default_factory=lambda: f"bihuan-test-{uuid4().hex[:8]}")
    ports: dict[str, int] = field(default_factory=lambda: {one: free_port() for one in PUBLISHED})
    nats_url: str = ""
    mongo_url: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports['gateway']}"

    @property
    def collector_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['trial']}"

    def compose(self, *argv: str, within: float = 600, check: bool = True) -> str:
        files = (FOLDER / "compose.yaml", *self.files, HERE / "reach.yaml")
        named = [part for one in files for part in ("-f", str(one))]
        env = {f"REACH_{name.upper()}": str(port) for name, port in self.ports.items()}
        env["BIHUAN_LISTEN"] = f"127.0.0.1:{self.ports['gateway']}"
        command = ("compose", "-p", self.name, "--env-file", str(FOLDER / "trial.env"), *named, *argv)
        return docker(*command, within=within, check=check, **env)

    def up(self) -> None:
        self.compose("up", "-d", "--wait", "--wait-timeout", str(UP_WITHIN), within=UP_WITHIN + 60)
        ca = self.folder / "ca.pem"
        if any(one.name == "tls.yaml" for one in self.files):
            ca.write_text(self.read("tools", "/secrets/ca.pem"))
        nats, mongo = (
            self.read("tools", f"/secrets/{one}_url").strip().replace("/secrets/ca.pem", str(ca))
            for one in ("nats", "mongo")
        )
        self.nats_url = ",".join(HOST.sub(f"@127.0.0.1:{self.ports[node]}", nats) for node in self.nats_nodes)
        mongo = HOST.sub(f"@127.0.0.1:{self.ports['mongo']}", mongo)
        self.mongo_url = mongo.replace("replicaSet=rs0", "directConnection=true")

    def read(self, service: str, path: str) -> str:
        """A file of a volume, as the container would."""
        return self.compose("run", "--rm", "--no-deps", "-T", "--entrypoint", "cat", service, path)

    def token(self, who: Person | str, ttl: timedelta = ONE_DAY) -> str:
        key = self.folder / "identity" / "key.pem"
        if not key.exists():
            key.parent.mkdir(exist_ok=True)
            key.write_text(self.read("demo", "/data/identity/key.pem"))
        return Identity.of(self.folder).mint(who, ttl)

    def bihuan(self, *argv: str, check: bool = True, mount: Path | None = None) -> str:
        """The command in its container; `mount` is there by the same name."""
        volume = ("-v", f"{mount}:{mount}") if mount else ()
        return self.compose(
            "run", "--rm", "--no-deps", "-T", "-e", "BIHUAN_LANG=en", *volume, "tools", *argv, check=check
        )

    def kill(self, *services: str) -> None:
        self.compose("kill", "-s", "KILL", *services)

    def stop(self, *services: str) -> None:
        self.compose("stop", *services)

    def start(self, *services: str) -> None:
        """What is there already, and wait until it is well."""
        wait = ("--wait", "--wait-timeout", str(UP_WITHIN))
        self.compose("up", "-d", "--no-deps", "--no-recreate", *wait, *services, within=UP_WITHIN + 60)

    def containers(self, service: str) -> list[str]:
        """Ids of those that run."""
        return self.compose("ps", "-q", "--status", "running", service).split()

    def replace(self, service: str) -> None:
        """One more replica, and once that is well those before go."""
        before = self.containers(service)
        self.start("--scale", f"{service}={len(before) + 1}", service)
        for container in before:
            docker("stop", container)
            docker("rm", container)


@contextmanager
def running(stack: ComposeStack) -> Iterator[ComposeStack]:
    """What its containers said is kept in its folder: a test that fails tells a fixture nothing of it."""
    try:
        stack.up()
        yield stack
    finally:
        (stack.folder / "compose.log").write_text(stack.compose("logs", "--no-color", check=False), "utf-8")
        if os.environ.get("BIHUAN_KEEP_STACK") != "1":
            every = ("--profile", "*")
            stack.compose(*every, "down", "-v", "--remove-orphans", "-t", "5", check=False)
