"""Each service's user has its own database and no other, on a server that asks who one is."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from deploy.bus.permissions import OPERATOR
from deploy.compose.database import ensure_users, operated
from deploy.services import SERVICES
from tests.servers import SCRIPTS, free_port, process

Client = MongoClient[dict[str, Any]]
UNAUTHORIZED, WRONG_PASSWORD = 13, 18
PASSWORDS = {name: f"password-of-{name}" for name in (*SERVICES, OPERATOR)}
FORBIDDEN: dict[str, Callable[[Client], object]] = {
    "read": lambda client: client["bihuan_sla"]["policy"].find_one({}),
    "write": lambda client: client["bihuan_sla"]["policy"].insert_one({"_id": "x"}),
    "drop": lambda client: client.drop_database("bihuan_sla"),
    "make a user": lambda client: client.admin.command("createUser", "x", pwd="x", roles=["root"]),
    "change a role": lambda client: client.admin.command("updateUser", "kb", roles=["root"]),
}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Users are made while nobody is asked, then the server asks: the embedded one knows no other beginning."""
    folder = tmp_path_factory.mktemp("mongo")
    port = free_port()
    command = [str(SCRIPTS / "secantusd-py"), "--host", "127.0.0.1", "--port", str(port)]
    command += ["--storage-path", str(folder / "data"), "--standalone"]
    with process(command, port, folder / "open.log"), connected(port) as client:
        ensure_users(client, {**PASSWORDS, "kb": "an older password"}, "bihuan")
        ensure_users(client, PASSWORDS, "bihuan")
    with process([*command, "--auth"], port, folder / "asking.log"):
        yield port


def connected(port: int, user: str = "", password: str = "") -> Client:
    who: dict[str, Any] = {"username": user, "password": password, "authSource": "admin"} if user else {}
    return Client("127.0.0.1", port, directConnection=True, retryWrites=False, serverSelectionTimeoutMS=5000, **who)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reads_and_writes_its_own(port: int, service: str) -> None:
    with connected(port, service, PASSWORDS[service]) as client:
        own = client[f"bihuan_{service}"]["things"]
        own.insert_one({"_id": "1"})
        own.create_index("name")
        assert own.find_one({"_id": "1"}) == {"_id": "1"}


def test_the_operator_reads_and_writes_what_is_backed_up_and_nothing_else(port: int) -> None:
    with connected(port, OPERATOR, PASSWORDS[OPERATOR]) as client:
        for name in operated("bihuan"):
            client[name]["things"].insert_one({"_id": name})
            client[name]["things"].drop()
        with pytest.raises(OperationFailure) as refused:
            client["admin"]["system.users"].find_one({})
    assert refused.value.code == UNAUTHORIZED


@pytest.mark.parametrize("what", FORBIDDEN)
def test_what_is_anothers_is_refused(port: int, what: str) -> None:
    with connected(port, "kb", PASSWORDS["kb"]) as client, pytest.raises(OperationFailure) as refused:
        FORBIDDEN[what](client)
    assert refused.value.code == UNAUTHORIZED


@pytest.mark.parametrize(("user", "code"), [("kb", WRONG_PASSWORD), ("", UNAUTHORIZED)])
def test_who_has_no_password_or_an_old_one_is_not_let_in(port: int, user: str, code: int) -> None:
    with connected(port, user, "an older password") as client, pytest.raises(OperationFailure) as refused:
        client["bihuan_kb"]["things"].find_one({})
    assert refused.value.code == code
