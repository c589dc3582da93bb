"""What is pinned of the driver, whatever a connection string or a server would have it be."""

from typing import Any
from uuid import uuid4

import pytest
from pymongo import ReadPreference
from pymongo.errors import (
    BulkWriteError,
    DocumentTooLarge,
    OperationFailure,
    ServerSelectionTimeoutError,
    WTimeoutError,
)

from shared.mongo import Database, is_transient
from shared.testing import Servers


@pytest.mark.parametrize("driver", ["motor", "pymongo"])
async def test_what_is_acknowledged_is_with_the_majority_and_a_decision_reads_the_newest(
    servers: Servers, driver: str
) -> None:
    database = Database.open(f"{servers.mongo_url}&w=1&readPreference=secondary", "pinned", driver)
    usual, newest = database["note"], database.newest("note")
    await database.close()
    for docs in (usual, newest):
        assert docs.write_concern.document == {"w": "majority", "wtimeout": 10_000}
        assert docs.read_preference == ReadPreference.PRIMARY
    assert (usual.read_concern.level, newest.read_concern.level) == ("majority", "local")


@pytest.mark.parametrize(
    ("details", "passes"),
    [
        (
            {"writeErrors": [], "writeConcernErrors": [{"code": 64, "errmsg": "waiting for replication timed out"}]},
            True,
        ),
        ({"writeErrors": [{"index": 0, "code": 11000, "errmsg": "duplicate"}], "writeConcernErrors": []}, False),
        ({"writeErrors": [{"index": 0, "code": 2, "errmsg": "bad"}], "writeConcernErrors": [{"code": 64}]}, False),
    ],
)
def test_what_the_majority_has_not_confirmed_is_tried_again_and_what_is_wrong_is_not(
    details: dict[str, Any], passes: bool
) -> None:
    assert is_transient(BulkWriteError(details)) is passes


@pytest.mark.parametrize("driver", ["motor", "pymongo"])
async def test_a_database_is_opened_pinged_and_closed(servers: Servers, driver: str) -> None:
    database = Database.open(servers.mongo_url, f"t{uuid4().hex[:10]}", driver)
    await database.ping()
    await database["note"].insert_one({"_id": "N-1"})
    await database.drop()
    assert await database["note"].count_documents({}) == 0
    await database.close()


def test_errors_that_pass_are_told_from_those_that_stay() -> None:
    assert is_transient(ServerSelectionTimeoutError("nobody there"))
    assert is_transient(OperationFailure("stepping down", 189))
    assert is_transient(WTimeoutError("the majority is slow"))
    assert not is_transient(DocumentTooLarge("17 MB"))
    assert not is_transient(OperationFailure("bad update", 9))
    assert not is_transient(ValueError("ours"))
