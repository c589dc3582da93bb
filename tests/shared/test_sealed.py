import pytest

from shared.sealed import Sealer

SEALER = Sealer("a secret of 32 characters or more")


@pytest.mark.parametrize("text", ["", "https://x.example/?session=1", "报表"])
def test_what_was_sealed_is_read_by_who_has_the_secret(text: str) -> None:
    sealed = SEALER.seal(text)
    assert SEALER.open(sealed) == text
    assert not text or text not in sealed
    assert Sealer("another secret of 32 characters!!").open(sealed) == ""


@pytest.mark.parametrize("forged", ["", "x", "报表", "gAAAAA" + "A" * 200, "\ud800"])
def test_what_nobody_sealed_is_empty(forged: str) -> None:
    assert SEALER.open(forged) == ""
