"""A text taken apart (P1.2): what others said earlier is left out, and each clause knows in which mood it is said.

Every pattern is tried on clauses or lines of a bounded length.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from shared.reading import moods
from shared.reading.characters import plain

LONGEST = 24_000  # characters that are read: more than a title and a description can have
LONGEST_CLAUSE = 400
MAX_CLAUSES = 2_000
LONG, LONG_LATIN = 40, 160  # characters of one clause: nobody writes so, dictation does

QUOTED_LINE = re.compile(r"^ {0,4}[>|]")
QUOTE_BEGINS = re.compile(
    r"^ {0,4}(?:[-=_*~#—]{2,80} {0,3}[^-=_*\n]{0,30}(?:原始|转发|往来|以下|历史|邮件|forward|original"
    r"|earlier|previous|quoted|message|mail)"
    r"|(?:发件人|寄件者|寄件人|From) ?: ?.|Begin forwarded message|.{0,200}(?:写道|wrote) ?:$)",
    re.IGNORECASE,
)
ANSWERED_TITLE = re.compile(r"^ {0,4}[【\[]?(?:re|fw|fwd|aw|回复|答复|回覆|转发|转寄|转) {0,2}[:\]】]", re.IGNORECASE)
ABBREVIATED = r"(?<!no)(?<!nr)(?<!vs)(?<!e\.g)(?<!i\.e)(?<! a\.m)(?<! p\.m)"
SENTENCE_END = re.compile(rf"[。!?;\n…]+|{ABBREVIATED}\.(?=\s|$|[\u4e00-\u9fff])", re.IGNORECASE)
CLAUSE_END = re.compile(
    r"(?<!\d),|,(?!\d)|(?<!\d):|:(?!\d)|[()—–]| - |但是?|不过|可是|然而|(?<![A-Za-z])(?:but|however"
    r"|although|though|whereas|while)(?![A-Za-z])",
    re.IGNORECASE,
)
SPOKEN_END = re.compile(
    r"(?=然后|所以|因为|结果|现在|但是|就是|还是|我们|你们|他们|他就|它就|一点就|麻烦|赶紧)"
    r"| (?=(?:and|so|because|then|now|we|they|i|it|the|but|can|could|please|get|our)(?:'\w{1,3})? )",
    re.IGNORECASE,
)
QUOTES = re.compile(r"[\"“「『][^\"“”「」『』\n]{0,80}[\"”」』]")


@dataclass(frozen=True)
class Clause:
    """`start` is its place in the text and `text` what it says there, in plain characters; `bare` is the same with what
    it quotes blotted out. `sentence` counts them, the title is 0."""

    text: str
    bare: str
    start: int
    sentence: int
    asked: bool
    imagined: bool
    planned: bool
    past: bool
    wished: bool
    over: bool
    repair: bool

    @property
    def holds(self) -> bool:
        """Whether it says how things are."""
        asks = self.asked and not self.repair
        return not (asks or self.imagined or self.planned or self.past or self.wished)


def own_words(title: str, text: str) -> str:
    """Title and text, in plain characters and of the same length together; spaces stand for what somebody said
    earlier: quoted lines, all that follows a mail program's introduction of them, and the title of an answer."""
    title = " " * len(title) if ANSWERED_TITLE.match(plain(title)) else plain(title)
    kept: list[str] = []
    quoting = False
    for line in plain(text).split("\n"):
        quoting = quoting or bool(QUOTE_BEGINS.match(line[:400]))
        kept.append(" " * len(line) if quoting or QUOTED_LINE.match(line) else line)
    return f"{title}\n" + "\n".join(kept)


@lru_cache(maxsize=64)
def clauses_of(title: str, text: str) -> Sequence[Clause]:
    """They are remembered, since several ask for those of one text."""
    found: list[Clause] = []
    told = own_words(title[:LONGEST], text[:LONGEST])[:LONGEST]
    bare = QUOTES.sub(lambda found: '"' + "~" * (len(found[0]) - 2) + '"', told)
    for number, (start, sentence, ending) in enumerate(_pieces(bare, SENTENCE_END), start=0 if title.strip() else 1):
        found += _clauses(told[start : start + len(sentence)], sentence, "?" in ending, start, number)
        if len(found) >= MAX_CLAUSES:
            break
    return found


def _pieces(text: str, end: re.Pattern[str]) -> Iterator[tuple[int, str, str]]:
    """Start, text and ending of each that is not empty."""
    at = 0
    for mark in end.finditer(text):
        if text[at : mark.start()].strip():
            yield at, text[at : mark.start()], mark[0]
        at = mark.end()
    if text[at:].strip():
        yield at, text[at:], ""


def _clauses(sentence: str, bare: str, ends_asking: bool, start: int, number: int) -> Iterator[Clause]:
    repair = bool(moods.REPAIR.search(bare[:LONGEST_CLAUSE]))
    supposed = ends_asking or bool(moods.SUPPOSED.search(bare[:LONGEST_CLAUSE]))
    real = bool(moods.REAL_CONDITION.search(bare[:LONGEST_CLAUSE]))
    asked_english = imagined = past = False
    for at, piece in _spoken(bare):
        clause = piece[:LONGEST_CLAUSE]
        complained = bool(moods.COMPLAINED.search(clause))
        asked_english = asked_english or (ends_asking and _starts_to_ask(clause))
        asked = asked_english or complained or bool(moods.ASKED.search(clause) or moods.ASKED_WITHIN.search(clause))
        if supposed and moods.IMAGINED.search(clause) and not (real and not ends_asking):
            imagined = not repair
        present = bool(moods.PRESENT.search(clause))
        past = (past or bool(moods.PAST.search(clause))) and not present
        yield Clause(
            text=sentence[at : at + len(clause)],
            bare=clause,
            start=start + at,
            sentence=number,
            asked=asked,
            imagined=imagined,
            planned=bool(moods.PLANNED.search(clause)),
            past=past,
            wished=bool(moods.WISHED.search(clause) or moods.FEARED.search(clause)),
            repair=complained or bool(moods.REPAIR.search(clause)),
            over=bool(moods.OVER.search(clause))
            and not (asked or imagined or moods.NOT_OVER.search(moods.OVER.without(clause))),
        )


def _spoken(sentence: str) -> Iterator[tuple[int, str]]:
    """Start and text of each clause; what is dictated without a comma ends where people draw breath."""
    for start, piece, _ in _pieces(sentence, CLAUSE_END):
        if len(piece) <= (LONG_LATIN if piece.isascii() else LONG):
            yield start, piece
        else:
            for at, part, _ in _pieces(piece, SPOKEN_END):
                yield start + at, part


def _starts_to_ask(clause: str) -> bool:
    """Whether one of its first three words is one that English questions begin with."""
    at = 0
    for _ in range(3):
        while at < len(clause) and not clause[at].isalpha():
            at += 1
        if moods.STARTS_TO_ASK.english.match(clause, at):
            return True
        while at < len(clause) and (clause[at].isalpha() or clause[at] == "'"):
            at += 1
    return False


def is_answer(title: str) -> bool:
    return bool(ANSWERED_TITLE.match(plain(title)))
