"""What people enter as a mail address is one that can be mailed to."""

import pytest
from pydantic import BaseModel, ValidationError

from shared.terms import OptionalEmailAddress
from shared.texts import is_email_address


class Form(BaseModel):
    email: OptionalEmailAddress = ""


@pytest.mark.parametrize(
    "address",
    ["a@b.cc", "wang.min+desk@huadong.example", "o'neil@x-y.example", "a@xn--fsqu00a.xn--0zwm56d", "1@2.example"],
)
def test_an_address(address: str) -> None:
    assert is_email_address(address)
    assert Form(email=f" {address} ").email == address


@pytest.mark.parametrize(
    "text",
    [
        "a\x01@b.cc",
        "a@b.cc\x00",
        "a@b.cc\nBcc: c@d.ee",
        "a@b.cc, c@d.ee",
        "<a@b.cc>",
        '"a b"@c.dd',
        "a..b@c.dd",
        ".a@b.cc",
        "a@b..cc",
        "a@-b.cc",
        "a@b",
        "a@[1.2.3.4]",
        "王敏@huadong.example",
        "wang@例子.公司",
        "a@b@c.dd",
        "@b.cc",
        "a" * 250 + "@b.cc",
        "a@" + "b" * 64 + ".cc",
    ],
)
def test_no_address(text: str) -> None:
    assert not is_email_address(text)
    with pytest.raises(ValidationError):
        Form(email=text)


@pytest.mark.parametrize("text", ["", "  "])
def test_nothing_is_allowed_where_an_address_is_no_must(text: str) -> None:
    assert Form(email=text).email == ""
