"""One spelling for what is written in many, in pieces that nobody notices."""

import asyncio
import threading
import unicodedata

import pytest

from shared.texts import LONG, PIECE, off_loop, plain

WRITTEN = {
    "latin": "Ｅｘｃｅｌ ①②③ ﬁle 3㎡ … ",
    "marks": "cafe\u0301 A\u030a ",
    "chinese": "導出報表㈱１２３，错误。",
    "korean": "\u1112\u1161\u11ab\u1100\u1173\u11af",
    "emoji": "👩\u200d👩\u200d👧 ",
    "thai": "ก็ที่นี่",
}


@pytest.mark.parametrize("kind", WRITTEN)
def test_a_long_text_reads_as_if_it_were_taken_whole(kind: str) -> None:
    text = WRITTEN[kind] * PIECE
    assert plain(text, len(text) * 3) == unicodedata.normalize("NFKC", text)


def test_a_text_is_cut_where_it_has_to_be() -> None:
    assert plain("a" * 10, 4) == "aaaa"
    assert plain("\ufdfa" * 10, 4) == unicodedata.normalize("NFKC", "\ufdfa")[:4]


def test_more_marks_than_any_letter_has_are_all_kept() -> None:
    text = "a" + "\u0315\u0300" * 2 * PIECE
    assert sorted(unicodedata.normalize("NFD", plain(text, 10_000))) == sorted(unicodedata.normalize("NFD", text))


@pytest.mark.parametrize(("length", "elsewhere"), [(LONG, False), (LONG + 1, True)])
async def test_only_long_texts_are_worked_on_in_a_thread(length: int, elsewhere: bool) -> None:
    at = await off_loop(length, threading.get_ident)
    assert (at != threading.get_ident()) is elsewhere


async def test_others_are_served_while_a_long_text_is_worked_on() -> None:
    served = threading.Event()
    asyncio.get_running_loop().call_soon(served.set)
    assert await off_loop(LONG + 1, served.wait, 10)
