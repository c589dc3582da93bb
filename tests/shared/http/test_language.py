import pytest

from shared.http.language import preferred


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", ""),
        ("zh", "zh"),
        ("ZH-Hant-TW", "zh"),
        ("en-GB,en;q=0.9", "en"),
        ("fr,zh;q=0.9", "zh"),
        ("fr, de;q=0.9, *;q=0.1", ""),
        ("en;q=0.1, zh;q=0.9", "zh"),
        ("zh;q=0.1, en;q=0.9", "en"),
        ("zh, en", "zh"),
        ("en, zh", "en"),
        ("zh;q=0, en;q=0", ""),
        ("zh;q=0,en;q=0.001", "en"),
        ("zh ; q=0.5 , en ; q=0.7", "en"),
        ("zh;q=nan, en;q=0.2", "en"),
        ("zh;q=many", ""),
        ("zh;q=-1, en;q=7", "en"),
        ("zhong, english", ""),
        (",;=,;q,zh", "zh"),
        ("xx," * 19 + "zh", "zh"),
        ("xx," * 5000 + "zh", ""),
    ],
)
def test_the_language_that_is_wanted_most_is_chosen(accepted: str, language: str) -> None:
    assert preferred(accepted) == language
