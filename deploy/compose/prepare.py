"""Secrets and configurations for the containers, each in the volume of the only one that reads it. Runs before
everything else at every start: what is there stays, so that a second start changes no secret.

`python -m deploy.compose.prepare FOLDER`: below FOLDER are the volumes, a folder each. Settings are those of the
services and the gateway, `BIHUAN_MONGO_OPTIONS`: what stands behind the ? in the address of MongoDB, and
`BIHUAN_TLS=true`: certificates for both servers (tls.yaml).
"""

import os
import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from deploy.bus.permissions import OPERATOR, SUBSCRIBER, authorization
from deploy.compose.certificates import Authority
from deploy.gateway.config import render
from deploy.gateway.environment import from_environment
from deploy.services import SERVICES
from shared.settings import Settings

OURS, MONGODB, GRAFANA, PROMETHEUS = 10001, 999, 472, 65534  # users: of our image, and of the official images
NATS_CONF = """\
server_name: nats
listen: "0.0.0.0:4222"
http: "0.0.0.0:8222"
jetstream { store_dir: "/data" }
"""


NATS_TLS = 'tls { cert_file: "/secrets/server.pem", key_file: "/secrets/server.pem", handshake_first: true }\n'
MONGO_TLS = "&tls=true&tlsCAFile=/secrets/ca.pem"


def prepare(folder: Path) -> None:
    """Raises ValueError for settings that the gateway cannot work with."""
    tls = os.environ.get("BIHUAN_TLS") == "true"
    if tls:
        certify(folder)
    nats = {name: secret(folder / "nats" / f"{name}.password", OURS) for name in (*SERVICES, OPERATOR, SUBSCRIBER)}
    users = authorization(nats, Settings().prefix, manages=False)
    write(folder / "nats" / "nats.conf", NATS_CONF + (NATS_TLS if tls else "") + users, OURS)
    own(folder / "nats-data", OURS)
    secret(folder / "mongo" / "root.password", MONGODB)
    secret(folder / "mongo" / "replica-set.key", MONGODB)
    options = os.environ.get("BIHUAN_MONGO_OPTIONS", "replicaSet=rs0&authSource=admin")
    options += MONGO_TLS if tls else ""
    links = secret(folder / "shared" / "link.secret", OURS)
    for name in (*SERVICES, OPERATOR):
        password = secret(folder / "mongo" / f"{name}.password", MONGODB)
        mongo_url = f"mongodb://{name}:{quote(password)}@mongo:27017/?{options}"
        write(folder / name / "mongo_url", mongo_url, OURS)
        write(folder / name / "nats_url", nats_url(name, nats, tls), OURS)
        write(folder / name / "link_secret", links, OURS)
    for name in SERVICES:
        own(folder / f"{name}-data", OURS)
    own(folder / "trial-data", OURS)
    secret(folder / "grafana" / "grafana.password", GRAFANA)
    own(folder / "grafana-data", GRAFANA)
    own(folder / "prometheus-data", PROMETHEUS)
    write(folder / "gateway" / "envoy.yaml", render(from_environment()), OURS, mode=0o444)


def nats_url(user: str, passwords: dict[str, str], tls: bool = False) -> str:
    place = f"{user}:{quote(passwords[user])}@nats:4222"
    return f"tls://{place}?tlsCAFile=/secrets/ca.pem" if tls else f"nats://{place}"


def certify(folder: Path) -> None:
    """Certificates of NATS and MongoDB, made anew before they run out, and to everybody who asks them that of the
    authority. Its key is in a volume that nothing else mounts."""
    kept = folder / "authority" / "authority.pem"
    if not kept.exists():
        write(kept, Authority.new("Bihuan").pem.decode(), OURS)
    authority = Authority.read(kept.read_bytes())
    for server, owner in (("nats", OURS), ("mongo", MONGODB)):
        path = folder / server / "server.pem"
        if not path.exists() or not authority.has_made(path.read_bytes(), datetime.now(UTC)):
            write(path, authority.server(server, "localhost", "127.0.0.1").decode(), owner)
    readers = {**dict.fromkeys((*SERVICES, OPERATOR), OURS), "mongo": MONGODB}
    for reader, owner in readers.items():
        write(folder / reader / "ca.pem", authority.certificate_pem.decode(), owner)


def secret(path: Path, owner: int) -> str:
    """The one that is there, else a new one."""
    if not path.exists():
        write(path, secrets.token_urlsafe(48), owner)
    return path.read_text("ascii")


def write(path: Path, text: str, owner: int, mode: int = 0o400) -> None:
    """Whole or not at all: also when it is ended in between."""
    path.parent.mkdir(parents=True, exist_ok=True)
    own(path.parent, owner)
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    new.write_text(text, "utf-8")
    new.chmod(mode)
    own(new, owner)
    new.replace(path)


def own(path: Path, owner: int) -> None:
    if not path.exists():
        path.mkdir(parents=True)
    if os.geteuid() == 0:
        os.chown(path, owner, owner)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m deploy.compose.prepare FOLDER")
    prepare(Path(sys.argv[1]))
