"""Texts that are longer than a messenger takes at once."""

from hypothesis import given
from hypothesis import strategies as st

from services.notify.channels.parts import OMITTED, parts_of, plain, size

LINK = "https://desk.example/links/" + "x" * 400


@given(st.text(max_size=3_000), st.integers(200, 2048), st.integers(1, 5))
def test_no_part_is_too_long_and_there_are_not_too_many(text: str, limit: int, most: int) -> None:
    parts = parts_of(text, limit, most)
    assert 1 <= len(parts) <= most
    assert all(size(part) <= limit for part in parts)


@given(st.text(st.sampled_from("问题已解决。 a\n😀é"), max_size=2_000))
def test_nothing_is_lost_where_there_is_room(text: str) -> None:
    parts = parts_of(text, 300, 1_000)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_character_is_never_cut() -> None:
    parts = parts_of("报" * 1_000 + "😀" * 500, 2001, 9)
    assert "".join(parts) == "报" * 1_000 + "😀" * 500
    assert all("\ufffd" not in part for part in parts)


def test_a_link_is_never_cut_and_never_left_out() -> None:
    text = "很长的方案。" * 2_000 + f"\n\n问题已解决：\n{LINK}A\n\n问题未解决：\n{LINK}B"
    for most in (1, 2, 5):
        parts = parts_of(text, 2048, most)
        assert len(parts) == most
        assert [line for line in parts[-1].split("\n") if line.startswith("https")] == [f"{LINK}A", f"{LINK}B"]
        assert OMITTED in parts[-1]
        assert parts[0].startswith("很长的方案。")


def test_a_long_line_is_cut_behind_a_sentence() -> None:
    first, *_ = parts_of("一句话。" * 100, 205, 50)
    assert first.endswith("。")


def test_what_would_be_more_than_text_is_shown_as_it_was_written() -> None:
    assert (
        plain('a < b, <a href="x">y</a> <at user_id="all"></at>')
        == 'a < b, ＜a href="x">y＜/a> ＜at user_id="all">＜/at>'
    )
    assert plain("a\ud800b") == "a?b"
