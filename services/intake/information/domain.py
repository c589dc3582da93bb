"""What a title, a description and a log say about a problem (P1.2). Nobody is asked for what is found here."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from services.intake.information import malfunction
from services.intake.information.clauses import Clause, clauses_of, is_answer
from services.intake.information.environment import environment_of
from services.intake.information.errors import error_of
from services.intake.information.secrets import masked
from services.intake.information.users import users_of
from services.intake.information.versions import version_of
from shared import stack_traces

LONGEST_ERROR = 500  # characters
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
    fingerprints: list[str] = field(default_factory=list)


@lru_cache(maxsize=256)
def extract(title: str, description: str, log: str = "") -> Information:
    """`log` is what a file that came with it holds: of that errors and traces count, not words."""
    clauses = clauses_of(title, description)
    original = f"{title}\n{description}"
    is_malfunction = malfunction.is_malfunction(clauses, is_answer(title))
    faulty = malfunction.faulty_sentences(clauses)
    traces = stack_traces.find("\n".join([description, log]) if log else description)
    error = error_of(clauses) or (traces[0].type if traces else "")
    return Information(
        malfunction=is_malfunction,
        product_version=version_of(clauses),
        environment=masked(environment_of(clauses, original, is_malfunction)),
        error=masked(error),
        error_text=masked(_error_text(original, error, clauses) or (traces[0].title if traces else ""))[:LONGEST_ERROR],
        users_affected=users_of(clauses, faulty) if is_malfunction else None,
        fingerprints=stack_traces.fingerprints(traces),
    )


def _error_text(original: str, error: str, clauses: list[Clause]) -> str:
    if not error:
        return _quoted(clauses)
    line = next((one for one in original.splitlines() if error in one), error)
    rest = line[line.find(error) + len(error) :]
    return (error + rest if rest[:1] in (":", "：") else error).strip()


def _quoted(clauses: list[Clause]) -> str:
    for clause in clauses:
        if clause.holds and not clause.over and (found := MESSAGE.search(clause.text)):
            return next(one for one in found.groups() if one)
    return ""
