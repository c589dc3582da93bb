"""Which errors of the driver pass by themselves, and which stay."""

from collections.abc import Iterator
from contextlib import contextmanager

from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    OperationFailure,
    PyMongoError,
    WTimeoutError,
)

TRANSIENT_ERRORS: tuple[type[Exception], ...] = (PyMongoError,)  # what may mean that: ask `is_transient`
# Codes of a server that stops, steps down, or was too busy for this once
# (https://github.com/mongodb/specifications, retryable-writes and server-discovery-and-monitoring).
TRANSIENT_CODES = {6, 7, 24, 50, 89, 91, 112, 189, 262, 9001, 10107, 11600, 11602, 13388, 13435, 13436}


def is_transient(error: BaseException) -> bool:
    """Whether this says that the server, or its majority, is not there just now: the same again may succeed. All
    else, such as a document that is too large or a command that is wrong, fails the same way each time."""
    if isinstance(error, (ConnectionFailure, ExecutionTimeout, WTimeoutError)):
        return True
    if isinstance(error, BulkWriteError):
        details = error.details
        return bool(details.get("writeConcernErrors")) and not details.get("writeErrors")
    if isinstance(error, OperationFailure):
        return error.code in TRANSIENT_CODES or error.has_error_label("RetryableWriteError")
    return False


class DuplicateKey(Exception):
    """Another document has this id or one of these unique keys."""


@contextmanager
def unique_keys() -> Iterator[None]:
    """Raises DuplicateKey for a write that the server refuses because of one."""
    try:
        yield
    except DuplicateKeyError as error:
        raise DuplicateKey(str(error)) from error
