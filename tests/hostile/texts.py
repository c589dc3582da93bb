"""What attackers and broken programs send: each a text of any length that is made by repeating something."""

import base64
import random
from collections.abc import Callable

Text = Callable[[int], str]
BORDER = "\x00!"


def _of(unit: str, before: str = "") -> Text:
    return lambda size: before + unit * (size // len(unit) + 1) + BORDER


def _base64(size: int) -> str:
    return base64.b64encode(random.Random(7).randbytes(size * 3 // 4)).decode()


def _chinese(size: int) -> str:
    chance = random.Random(7)
    return "".join(chr(chance.randint(0x4E00, 0x9FA5)) for _ in range(size))


TEXTS: tuple[Text, ...] = (
    *(_of(unit) for unit in ".a1错A_-/ \n\t(:<\"'\\@$"),
    *(
        _of(unit)
        for unit in ("9f3a", "1.", "a.", "A.a", "a-", "\r\n", "\n ", "a\n", "a b ", "aA1", "错a", "错 1", "’", "①")
    ),
    # one character becomes eighteen; marks that have to be sorted; syllables; letters that grow when made small
    *(_of(unit) for unit in ("\ufdfa", "\u0315\u0300", "\u1100\u1161\u11a8", "\u0130", "Ａ", "\ud7a3\u0327")),
    *(_of(unit) for unit in ("\u202e", "\u200b", "\x01", "\u2028", "😀", "\u200d👩")),
    # words that begin something and do not end it
    *(
        _of(f"{word}")
        for word in ("Error", "Exception", "error ", "win", "v1错", "v1.", "at ", "sync错", "synchronis错")
    ),
    *(_of(f"{word} ") for word in ("first", "先", "cannot", "no", "fail", "the", "export to", "export", "not")),
    *(_of("错误", before) for before in ("没有", "")),
    *(_of(" ", before) for before in ("win", "导出", "export", "mac", "java", "Error", "Traceback")),
    *(_of("1", before) for before in ("ubuntu ", "V", "V3.2.", "0x", "ORA-", "Java ")),
    # stack traces, nearly
    *(_of(line) for line in ("at a.b(\n", "java.lang.Exception: x\n", "a.Error ---> ", '  File "a", line 1\n')),
    _of("." * 333 + "(" * 333 + ")" * 333 + "x\n", "panic: x\n"),
    _of(f"{'a' * 999}\n", "Traceback (most recent call last):\n"),
    # addresses, headers, links, encoded words
    *(_of(unit, before) for unit in ("a.", "a@", "=?a?q?", ';a="', "\\") for before in ("", "a@", "=?utf-8?q?")),
    _base64,
    _chinese,
)
