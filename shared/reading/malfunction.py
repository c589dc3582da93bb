"""Whether a message tells of a malfunction or asks, thanks, plans or tells of one that is over (P2.2)."""

from collections.abc import Sequence
from functools import lru_cache

from shared.reading import faults, moods
from shared.reading.clauses import Clause
from shared.reading.errors import has_code

STRONG, WEAK = 2, 1
REMEMBERED = 1_000  # clauses
DENIED_BEFORE = 24  # characters in which a word for a fault is denied


def is_malfunction(clauses: Sequence[Clause], is_answer: bool) -> bool:
    """A fault counts where it is said of how things are now. What is over takes back what was said before it; what is
    denied as a whole also what comes after, unless that is said to be now. Who neither tells of a fault nor asks,
    thanks or plans tells of something that is as it should not be; `is_answer` says that the text goes with something
    said earlier, as thanks do."""
    strong = weak = denied = hard = titled = mistaken = everybody = praised = False
    soft, over = is_answer, -1
    has_text = any(clause.sentence for clause in clauses)
    for clause in clauses:
        if clause.over or moods.DENIED.search(clause.bare):
            denied = denied or not clause.over
            strong, weak, titled, hard, over = False, False, False, True, clause.sentence
            continue
        if moods.MISTAKEN.search(clause.bare) or _lacks_access(clause):
            mistaken = hard = True
            strong = (strong and everybody) or (_weight(clause) > 0 and bool(moods.EVERYBODY.search(clause.bare)))
        if moods.RESERVED.search(clause.bare):
            praised = soft = False
        praised = (praised or bool(moods.PRAISED.search(clause.bare))) and not moods.RESERVED.search(clause.bare)
        hard = hard or _is_friendly(clause)
        soft = soft or bool(moods.THANKED.search(clause.bare)) or (clause.asked and bool(moods.HOW.search(clause.bare)))
        weight = _weight(clause)
        weak = weak or weight == WEAK
        if weight < STRONG or (mistaken and not moods.EVERYBODY.search(clause.bare)):
            continue
        if has_text and not clause.sentence:  # a title names what it is about, a question's as well
            titled = True
        elif not (denied or clause.sentence == over) or moods.PRESENT.search(clause.bare):
            strong = True
            everybody = everybody or bool(moods.EVERYBODY.search(clause.bare))
    hard = hard or not any(clause.holds for clause in clauses if clause.sentence or not has_text)
    if strong or (titled and not hard and not praised):
        return True
    return bool(clauses) and not hard and not praised and (weak or not soft)


@lru_cache(maxsize=REMEMBERED)
def _weight(clause: Clause) -> int:
    """Several ask for that of one clause."""
    if not clause.imagined and not clause.planned and moods.SUSPECTED.search(clause.bare):
        return STRONG
    if clause.past and moods.CHANGED.search(clause.bare) and not moods.BETTER.search(clause.bare):
        return STRONG  # it was otherwise before
    if not clause.holds:
        return 0
    if moods.REQUESTED.search(clause.bare) and not clause.repair:
        return 0
    if _names_fault(clause.bare) or faults.MESSAGE.search(clause.bare) or has_code(clause.bare):
        return STRONG
    if moods.CHANGED.search(clause.bare) and not moods.BETTER.search(clause.bare):
        return STRONG
    return WEAK if faults.WEAK.search(clause.bare) else 0


def _lacks_access(clause: Clause) -> bool:
    return bool(moods.ACCESS.search(clause.text)) and not clause.imagined


def _names_fault(text: str) -> bool:
    return any(
        not moods.DENIES.search(text[max(0, found.start() - DENIED_BEFORE) : found.start()])
        for found in faults.STRONG.finditer(text)
    )


def _is_friendly(clause: Clause) -> bool:
    asks = clause.asked and not clause.repair
    said = asks or clause.imagined or clause.planned or clause.wished
    return said or bool(moods.REQUESTED.search(clause.bare) or moods.AWAY.search(clause.bare))


def faulty_sentences(clauses: Sequence[Clause]) -> set[int]:
    """The numbers of those that tell of a fault."""
    return {clause.sentence for clause in clauses if states_fault(clause)}


def states_fault(clause: Clause) -> bool:
    return not clause.over and _weight(clause) == STRONG
