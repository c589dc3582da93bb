"""What a message says in facts that have a name and a number: what decides over its priority and category (P2.2, P2.3).

Each group of words counts in the clauses that say how things are, and apart from that in those that ask, wish, plan,
look back or take back, so that a weight can be given to each.
"""

import math
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from shared.reading import faults, impact, malfunction, moods, subjects
from shared.reading.clauses import Clause, clauses_of, is_answer
from shared.reading.environment import PATTERNS, environment_of
from shared.reading.errors import has_code
from shared.reading.users import users_of
from shared.reading.words import Words

MANY, MOST_COUNTED = 20, 3  # people; finds of one group
HEAD, TAIL = 1_600, 600  # characters that are read: who writes more says what matters first or last
LONGEST_RUN = 40  # characters that are taken for one word
RUN = re.compile(rf"[\u4e00-\u9fff]{{1,{LONGEST_RUN}}}|[a-z][a-z']{{0,{LONGEST_RUN}}}|\d{{1,{LONGEST_RUN}}}")
BETWEEN = "\n,\n"  # clauses that are looked through together: no words go on behind it
GROUPS: Mapping[str, Words] = {
    "standstill": impact.STANDSTILL,
    "waiting": impact.WAITING,
    "outage": impact.OUTAGE,
    "harm": impact.HARM,
    "crowd": impact.CROWD,
    "partial": impact.PARTIAL,
    "minor": impact.MINOR,
    "pressed": impact.PRESSED,
    "look": impact.DEFECT_OF_LOOK,
    "fault": faults.STRONG,
    "weak": faults.WEAK,
    "machine": subjects.MACHINE,
    "network": subjects.NETWORK,
    "system": subjects.SYSTEM,
    "lost": subjects.LOST,
    "doubled": subjects.DOUBLED,
    "unequal": subjects.UNEQUAL,
    "moved": subjects.MOVED,
    "kept": subjects.KEPT,
    "use": subjects.USE,
    "behaviour": subjects.BEHAVIOUR,
    "access": moods.ACCESS,
    "mistaken": moods.MISTAKEN,
    "thanked": moods.THANKED,
    "praised": moods.PRAISED,
    "changed": moods.CHANGED,
    "requested": moods.REQUESTED,
    "suspected": moods.SUSPECTED,
    "denied": moods.DENIED,
    "better": moods.BETTER,
}
MOODS = ("asked", "imagined", "planned", "past", "wished", "over", "repair")
# What can be understood, for those who write rules.
NAMES = frozenset(
    (*GROUPS, *MOODS, "tells a fault", "code", "many users", "few users", "environment", "platform", "malfunction")
)


@dataclass(frozen=True)
class Reading:
    """`facts` have a name and a number above 0; `words` are parts of words in the writer's own words."""

    facts: Mapping[str, float]
    words: frozenset[str]
    clauses: Sequence[Clause]


def read(title: str, text: str) -> Reading:
    text = ends_of(text)
    clauses = clauses_of(title, text)
    words = frozenset(word for clause in clauses for word in words_of(clause.text))
    return Reading(facts(clauses, title, text), words, clauses)


def ends_of(text: str) -> str:
    """What is read of it."""
    return text if len(text) <= HEAD + TAIL else f"{text[:HEAD]}\n{text[-TAIL:]}"


def words_of(text: str) -> Iterator[str]:
    """Runs of one to three Chinese characters, English words and how they begin, how long numbers are."""
    for found in RUN.finditer(text.lower()):
        run = found[0]
        if run[0] >= "\u4e00":
            yield from (run[at : at + length] for length in (1, 2, 3) for at in range(len(run) - length + 1))
        elif run[0].isdigit():
            yield f"#{min(len(run), 5)}"
        else:
            yield f"{run} "
            if len(run) > 5:
                yield f"{run[:5]}*"


def facts(clauses: Sequence[Clause], title: str, text: str) -> dict[str, float]:
    found: dict[str, float] = {}

    def add(name: str, value: float = 1) -> None:
        found[name] = found.get(name, 0) + value

    told = [malfunction.states_fault(clause) for clause in clauses]
    faulty = {clause.sentence for clause, tells in zip(clauses, told, strict=True) if tells}
    whole = BETWEEN.join(clause.bare for clause in clauses)
    touched = groups_in(clauses, whole)
    is_fault = malfunction.is_malfunction(clauses, is_answer(title))
    for clause, states_fault, groups in zip(clauses, told, touched, strict=True):
        said = clause.holds and not clause.over
        beside = not faulty.isdisjoint(range(clause.sentence - 1, clause.sentence + 2))
        for name in groups:
            count = min(sum(1 for _ in GROUPS[name].finditer(clause.bare)), MOST_COUNTED)
            if count:
                add(name if said else f"{name} not said", count)
                if said and clause.sentence == 0:
                    add(f"{name} in the title")
                if said and beside and name in ("crowd", "standstill", "waiting", "partial", "outage"):
                    add(f"{name} beside the fault", count)
        if states_fault:
            add("tells a fault")
        for mood in MOODS:
            if getattr(clause, mood):
                add(mood)
        if said and has_code(clause.bare):
            add("code")
    users = users_of(clauses, faulty)
    if users is not None:
        add("many users" if users >= MANY else "few users")
    if environment_of(clauses, f"{title}\n{text}", is_fault):
        add("environment")
    platforms = [pattern for pattern in PATTERNS if pattern.search(whole)]
    for clause in clauses:
        if any(pattern.search(clause.bare) for pattern in platforms):
            add("platform")
    found = {name: math.log1p(value) for name, value in found.items()}
    if is_fault:
        found["malfunction"] = 1
        for name in (
            "standstill",
            "crowd",
            "waiting",
            "outage",
            "harm",
            "partial",
            "minor",
            "pressed",
            "many users",
            "lost",
            "doubled",
            "unequal",
            "moved",
            "kept",
            "network",
            "system",
            "machine",
        ):
            if name in found:
                found[f"malfunction and {name}"] = found[name]
    else:
        for name in ("pressed", "access", "mistaken", "use"):
            if name in found:
                found[f"no malfunction and {name}"] = found[name]
    if "partial" in found and ("crowd" in found or "standstill" in found):
        found["partial and much"] = found["partial"]
    if is_answer(title):
        found["answer"] = 1
    found["long"] = math.log1p(len(text) / 100)
    return found


def groups_in(clauses: Sequence[Clause], whole: str) -> list[list[str]]:
    """Of each clause the groups that may have words in it: `whole`, which is all of them, is looked through once for
    each group, since most are in no clause."""
    starts = list(accumulate((len(clause.bare) + len(BETWEEN) for clause in clauses), initial=0))
    found: list[list[str]] = [[] for _ in clauses]
    for name, group in GROUPS.items():
        there: set[int] = set()
        for match in group.finditer(whole):
            first, last = bisect_right(starts, match.start()) - 1, bisect_right(starts, match.end()) - 1
            there.update(range(first, min(last, len(clauses) - 1) + 1))
        for at in there:
            found[at].append(name)
    return found
