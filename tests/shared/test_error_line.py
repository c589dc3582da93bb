"""What people are told of errors that quote what they are about."""

import pytest
from bson.errors import InvalidDocument
from jinja2 import TemplateError
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pymongo.errors import AutoReconnect, BulkWriteError, DuplicateKeyError

import shared.mongo  # noqa: F401, which says what is told of the driver's errors
from shared.domain import NotFound
from shared.masking import error_line, redacted


class Ticket(BaseModel):
    model_config = ConfigDict(extra="forbid")

    number: int


def without_quotes() -> Exception:
    with pytest.raises(ValueError, match="hunter2") as caught:
        int("hunter2")
    return caught.value


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (without_quotes(), "ValueError: invalid literal for int() with base 10: …"),
        (KeyError('it\'s "hunter2"'), "KeyError: …"),
        (NotFound("TK-2026-000001 does not exist", "TK-2026-000001 不存在"), "NotFound: TK-2026-000001 does not exist"),
        (NotFound.of("mailto:zhang@huadong.example"), "NotFound: mailto:… does not exist"),
        (ConnectionRefusedError(111, "Connection refused"), "ConnectionRefusedError: [Errno 111] Connection refused"),
        (
            DuplicateKeyError("E11000 hunter2", 11000, {"keyPattern": {"email": 1}}),
            "DuplicateKeyError: code 11000 email",
        ),
        (BulkWriteError({"writeErrors": [{"code": 121, "op": {"text": "hunter2"}}]}), "BulkWriteError: code 121"),
        (AutoReconnect("mongo:27017: connection closed"), "AutoReconnect: mongo:27017: connection closed"),
        (InvalidDocument("cannot encode hunter2"), "InvalidDocument: …"),
        (TemplateError("hunter2"), "TemplateError: …"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_an_error_is_told_in_our_words_or_hardly_at_all(error: Exception, said: str) -> None:
    assert error_line(error) == said


def test_what_a_sender_calls_things_is_not_told() -> None:
    with pytest.raises(ValidationError) as unknown:
        Ticket.model_validate({"number": 1, "hunter2": 1})
    with pytest.raises(ValidationError) as mapping:
        TypeAdapter(dict[str, int]).validate_python({"hunter2": "x"})
    assert redacted(unknown.value) == "1 wrong values in Ticket: …"
    assert redacted(mapping.value) == "1 wrong values in dict[str,int]: …"
