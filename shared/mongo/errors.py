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

from shared.masking import personal_masked, redacted

TRANSIENT_ERRORS: tuple[type[Exception], ...] = (PyMongoError,)  # what may mean that: ask `is_transient`
# Codes of a server that stops, steps down, or was too busy for this once
# (https://github.com/mongodb/specifications, retryable-writes and server-discovery-and-monitoring).
LONGEST = 500  # characters of what is said of one error
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


@redacted.register
def _(error: PyMongoError) -> str:
    """What the server says of a statement quotes the document; its code and the names of the fields do not."""
    if isinstance(error, ConnectionFailure):
        return personal_masked(str(error)[:LONGEST])
    if not isinstance(error, OperationFailure):
        return ""
    about = error.details or {}
    first = next(iter(about.get("writeErrors") or ()), about)
    names = ", ".join(first.get("keyPattern") or ())
    said = ("code", first.get("code") or error.code, about.get("codeName"), names)
    return " ".join(str(word) for word in said if word)


class DuplicateKey(Exception):
    """Another document has this id or one of these unique keys."""


@contextmanager
def unique_keys() -> Iterator[None]:
    """Raises DuplicateKey for a write that the server refuses because of one."""
    try:
        yield
    except DuplicateKeyError as error:
        raise DuplicateKey(redacted(error)) from error
