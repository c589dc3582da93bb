"""What a title, a description and a log say about a problem (P1.2). Nobody is asked for what is found here."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from shared import stack_traces
from shared.reading import malfunction
from shared.reading.assessment import assess
from shared.reading.clauses import Clause, clauses_of
from shared.reading.environment import environment_of
from shared.reading.errors import codes, error_of
from shared.reading.users import users_of
from shared.reading.versions import version_of
from shared.secrets import masked

LIKELY, POSSIBLE = 0.5, 0.25  # from which on a message tells of a malfunction; the second where it says so in words
LONGEST_ERROR, LONGEST_LINE = 500, 1_000  # characters
LOGGED_ERROR = re.compile(r"(?<![A-Za-z])(?:ERROR|FATAL|SEVERE|CRITICAL|PANIC)(?![A-Za-z])|Exception|错误|失败|异常")
MESSAGE = re.compile(
    r"(?:报|弹|提示|显示|跳出|返回|说|写着|says?|saying|shows?|reads?|message|error)[^,。\"“「『]{0,8}(?:\"([^\"\n]{3,200})\"|“([^”\n]{3,200})”|「([^」\n]{3,200})」|『([^』\n]{3,200})』)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Information:
    """`error` is a code or the name of an exception, as it is written; `error_text` that and what goes with it, or the
    message that is quoted. Nothing in it is a secret or a person's number. `fingerprints` are those of stack traces."""

    malfunction: bool
    product_version: str = ""
    environment: str = ""
    error: str = ""
    error_text: str = ""
    users_affected: int | None = None
    fingerprints: tuple[str, ...] = ()


@lru_cache(maxsize=256)
def extract(title: str, description: str) -> Information:
    clauses = clauses_of(title, description)
    original = f"{title}\n{description}"
    faulty = malfunction.faulty_sentences(clauses)
    found = stack_traces.find(description)
    traces = [one for one in found if one.frames]
    assessed = assess(title, description)
    told = bool(traces) or "tells a fault" in assessed.facts
    is_malfunction = assessed.malfunction >= (POSSIBLE if told and "malfunction" in assessed.facts else LIKELY)
    error = error_of(clauses) or (traces[0].type if traces else "")
    return Information(
        malfunction=is_malfunction,
        product_version=version_of(clauses),
        environment=masked(environment_of(clauses, original, is_malfunction)),
        error=masked(error),
        error_text=masked(_error_text(original, error, clauses) or (traces[0].title if traces else ""))[:LONGEST_ERROR],
        users_affected=users_of(clauses, faulty) if is_malfunction else None,
        fingerprints=tuple(stack_traces.fingerprints(found)),
    )


def extract_log(log: str) -> Information:
    """What a log says: in it an error is one without clauses about it."""
    found = stack_traces.find(log)
    traces = [one for one in found if one.frames]
    lines = (line[:LONGEST_LINE] for line in log.splitlines() if LOGGED_ERROR.search(line[:LONGEST_LINE]))
    told = next(((code, line) for line in lines for code in codes(line)), ("", ""))
    error, line = (traces[0].type, traces[0].title) if traces else told
    return Information(
        malfunction=bool(error),
        error=masked(error),
        error_text=masked(line.strip())[:LONGEST_ERROR],
        fingerprints=tuple(stack_traces.fingerprints(found)),
    )


def _error_text(original: str, error: str, clauses: Sequence[Clause]) -> str:
    if not error:
        return _quoted(clauses)
    line = next((one for one in original.splitlines() if error in one), error)
    rest = line[line.find(error) + len(error) :]
    return (error + rest if rest[:1] in (":", "：") else error).strip()


def _quoted(clauses: Sequence[Clause]) -> str:
    for clause in clauses:
        if clause.holds and not clause.over and (found := MESSAGE.search(clause.text)):
            return next(one for one in found.groups() if one)
    return ""
