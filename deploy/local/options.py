"""What can be chosen about one stack, and where its things are."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.bus.permissions import OPERATOR
from deploy.gateway.config import ADDRESS_RATE, CALLER_RATE, COMPANY_RATE, Rate
from deploy.local.words import LaunchError
from deploy.services import SERVICES

CHECKOUT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
ISSUER = "https://id.bihuan.local/"
AUDIENCE = "bihuan"
DRIVERS = ("motor", "pymongo")

FIXED_PORTS: Mapping[str, int] = {
    "gateway": 8080,
    **{service: 8101 + number for number, service in enumerate(SERVICES)},
    "nats": 4222,
    "nats_monitor": 8222,
    "mongo": 27017,
    "collector": 4318,
    "mail": 1025,
    "envoy_admin": 9901,
}


def fixed_ports(chosen: Mapping[str, int], replicas: int) -> dict[str, int]:
    """The ports of `up`: a service's second process ten above its first, the third twenty above, unless chosen."""
    ports = {**FIXED_PORTS, **chosen}
    for service in SERVICES:
        for number, process in enumerate(_numbered(service, replicas)):
            ports.setdefault(process, ports[service] + 10 * number)
    return ports


def driver_of_environment() -> str:
    return os.environ.get("BIHUAN_MONGO_DRIVER") or "motor"


@dataclass(frozen=True)
class Options:
    """`ports`: a port that is missing or 0 becomes a free one. `target`: what uvicorn runs, by service name.
    `replicas`: processes of each service. `nats_nodes`: several are a cluster, and streams have so many copies.
    `checkouts`: of processes that run the code of another checkout, such as the release before."""

    data_dir: Path = CHECKOUT / ".bihuan"
    ports: Mapping[str, int] | None = None
    services: tuple[str, ...] = SERVICES
    replicas: int = 1
    nats_nodes: int = 1
    target: str = "services.{name}.app:create_app"
    gateway: bool = True
    trace_ratio: float = 1.0
    mongo_driver: str = field(default_factory=driver_of_environment)
    address_rate: Rate = ADDRESS_RATE
    caller_rate: Rate = CALLER_RATE
    company_rate: Rate = COMPANY_RATE
    cors_origins: tuple[str, ...] = ()
    upload_seconds: int = 300
    exchange_seconds: int = 60
    env: Mapping[str, str] = field(default_factory=dict)
    checkouts: Mapping[str, Path] = field(default_factory=dict)

    def replicas_of(self, service: str) -> tuple[str, ...]:
        """The names of its processes: `sla`, `sla.2`, ..."""
        return _numbered(service, self.replicas)

    @property
    def nats_names(self) -> tuple[str, ...]:
        return _numbered("nats", self.nats_nodes)

    @property
    def process_names(self) -> tuple[str, ...]:
        """Of all services."""
        return tuple(process for service in self.services for process in self.replicas_of(service))

    def __post_init__(self) -> None:
        if self.mongo_driver not in DRIVERS:
            raise LaunchError(
                f"BIHUAN_MONGO_DRIVER is {self.mongo_driver!r}: it can be motor or pymongo.",
                f"BIHUAN_MONGO_DRIVER 的值是 {self.mongo_driver!r}：只能是 motor 或 pymongo。",
            )


@dataclass(frozen=True)
class Site:
    """One stack's folders, ports and addresses."""

    options: Options
    ports: Mapping[str, int]

    @property
    def data(self) -> Path:
        return self.options.data_dir

    def folder(self, name: str) -> Path:
        path = self.data / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def log(self, name: str) -> Path:
        return self.folder("log") / f"{name}.log"

    def http(self, name: str) -> str:
        return f"http://{HOST}:{self.ports[name]}"

    @property
    def nats_url(self) -> str:
        """As the operator, who may do everything; a list with commas when there are several."""
        return self.nats_url_of(OPERATOR)

    def nats_url_of(self, user: str) -> str:
        who = f"{user}:{self.secret(f'nats-{user}')}"
        return ",".join(f"nats://{who}@{HOST}:{self.ports[name]}" for name in self.options.nats_names)

    def secret(self, name: str) -> str:
        """Made once, so that what was signed with it outlives a restart."""
        return self.secret_file(name).read_text("ascii")

    def secret_file(self, name: str) -> Path:
        path = self.folder("identity") / name
        if not path.exists():
            new = path.with_suffix(".new")
            new.unlink(missing_ok=True)
            new.touch(mode=0o600)
            new.write_text(secrets.token_urlsafe(48), "ascii")
            new.replace(path)
        return path


def _numbered(name: str, count: int) -> tuple[str, ...]:
    return (name, *(f"{name}.{number}" for number in range(2, count + 1)))
