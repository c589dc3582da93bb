"""Makes the database ready at every start: a replica set of one, for each service a user that has its own database and
no other, and the operator, who backs up and restores them all.

`python -m deploy.compose.database FOLDER`: FOLDER is the volume with MongoDB's passwords.
"""

import os
import sys
import time
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure

from deploy.bus.permissions import OPERATOR
from deploy.services import SERVICES
from shared.settings import Settings

DRILL = "drill"  # behind the prefix: where a backup is restored to be compared
MEMBER = {"_id": 0, "host": "mongo:27017"}
NOT_INITIATED, NO_SUCH_USER = 94, 11
PRIMARY_WITHIN = 60.0  # seconds


def initiate(client: "MongoClient[dict[str, object]]") -> None:
    """Returns when it is a primary. Raises TimeoutError."""
    try:
        client.admin.command("replSetGetStatus")
    except OperationFailure as error:
        if error.code != NOT_INITIATED:
            raise
        client.admin.command("replSetInitiate", {"_id": "rs0", "members": [MEMBER]})
    until = time.monotonic() + PRIMARY_WITHIN
    while not client.admin.command("hello").get("isWritablePrimary"):
        if time.monotonic() > until:
            raise TimeoutError("MongoDB has not become the primary of its replica set")
        time.sleep(0.5)


def ensure_users(client: "MongoClient[dict[str, object]]", passwords: dict[str, str], prefix: str) -> None:
    """A user whose password has changed gets the new one; what roles it had besides are taken away."""
    for name, password in passwords.items():
        databases = operated(prefix) if name == OPERATOR else [f"{prefix}_{name}"]
        roles = [{"role": "readWrite", "db": one} for one in databases]
        try:
            client.admin.command("updateUser", name, pwd=password, roles=roles)
        except OperationFailure as error:
            if error.code != NO_SUCH_USER:
                raise
            client.admin.command("createUser", name, pwd=password, roles=roles)


def operated(prefix: str) -> list[str]:
    """Of all services, and those that a backup is tried out in."""
    return [f"{which}_{name}" for which in (prefix, prefix + DRILL) for name in SERVICES]


def main(folder: Path) -> None:
    def password(name: str) -> str:
        return (folder / f"{name}.password").read_text("ascii")

    ca = folder / "ca.pem"
    tls: dict[str, Any] = {"tls": True, "tlsCAFile": str(ca)} if os.environ.get("BIHUAN_TLS") == "true" else {}
    with MongoClient[dict[str, object]](
        "mongo", username="root", password=password("root"), directConnection=True, **tls
    ) as client:
        initiate(client)
        ensure_users(client, {name: password(name) for name in (*SERVICES, OPERATOR)}, Settings().prefix)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m deploy.compose.database FOLDER")
    main(Path(sys.argv[1]))
