"""What two tickets of one incident have in common: the fingerprint of a stack trace, an error code in one product or
module, or near-identical text."""

import re
from collections.abc import Sequence

from pydantic import Field

from services.triage.incidents.minhash import LONGEST as LONGEST_TEXT
from services.triage.incidents.minhash import bands, sketch
from shared import stack_traces
from shared.domain import Value
from shared.events import Problem
from shared.reading.assessment import assess
from shared.reading.errors import codes
from shared.terms import Term

LONGEST = 6_000  # characters of a text that are looked through
MOST_FINGERPRINTS, MOST_CODES = 5, 3
CODE_LENGTH = 60
FAULT = 0.5  # how likely it has to be that a text tells of one
# Codes that name a kind of fault and not a fault: without a module they say nothing.
GENERIC = re.compile(
    r"(?:http[ /]?\d{3}|\d{1,3}|E(?:CONN|TIME|HOST|NET|NO|ACC|PERM|PIPE|ADDR)\w{0,12}|SIG\w{3,4}|errno.{0,12}"
    r"|(?:\w{1,60}\.){0,8}(?:NullPointer|IllegalArgument|IllegalState|Runtime|IO|SQL|Type|Value|Key|Index|Attribute|Timeout"
    r"|SocketTimeout|ArrayIndexOutOfBounds|NullReference|InvalidOperation|Argument|Reference|Range|Syntax|OutOfMemory)?"
    r"(?:Exception|Error)(?:\(.{0,12}\))?)",
    re.IGNORECASE,
)


class KeyKind(Term):
    FINGERPRINT = "fingerprint", "the same stack trace", "同一错误堆栈"
    CODE = "code", "the same error code", "同一错误码"
    TEXT = "text", "near-identical descriptions", "描述高度相似"
    BY_HAND = "by_hand", "added by hand", "人工添加"


class Key(Value):
    """`name` is what people read: the type of the exception, the code with product and module; empty of a text."""

    kind: KeyKind
    value: str
    name: str = ""

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.value}"


class Signature(Value):
    """`sketch` and `bands` are of the text. They are empty where it is too short, where a trace says more than it does,
    and where it tells of no fault: many ask the same question, and nothing is broken."""

    keys: list[Key]
    product: str = ""
    module: str = ""
    sketch: list[int] = Field(default_factory=list)
    bands: list[str] = Field(default_factory=list)


def signature_of(problem: Problem) -> Signature:
    """In a time that is bounded whatever was written."""
    said = f"{problem.error_text[:LONGEST]}\n{problem.title}\n{problem.description[:LONGEST]}"
    traces = [one for one in stack_traces.find(said) if one.frames]
    named = {one.fingerprint: one.type for one in traces}
    fingerprints = [Key(kind=KeyKind.FINGERPRINT, value=id, name=name[:200]) for id, name in named.items()]
    told = [] if traces else list(dict.fromkeys(one[:CODE_LENGTH] for one in codes(said)))[:MOST_CODES]
    hashes = sketch(f"{problem.title}\n{problem.description}") if not traces and _is_fault(problem) else []
    return Signature(
        keys=[*fingerprints[:MOST_FINGERPRINTS], *(key for code in told for key in _code_keys(code, problem))],
        product=_same(problem.product),
        module=_same(problem.module),
        sketch=hashes,
        bands=bands(hashes),
    )


def fingerprint_keys(fingerprints: Sequence[str], titles: Sequence[str]) -> list[Key]:
    """Of errors that were found in a log."""
    named = zip(fingerprints, [*titles, *[""] * len(fingerprints)], strict=False)
    return [Key(kind=KeyKind.FINGERPRINT, value=id, name=name[:200]) for id, name in named][:MOST_FINGERPRINTS]


def _code_keys(code: str, problem: Problem) -> list[Key]:
    """In the module, and, where the code says enough by itself, in the whole product."""
    product, module = _same(problem.product), _same(problem.module)
    places = [(module, problem.module)] if module else []
    if product and not GENERIC.fullmatch(code):
        places.append(("", problem.product))
    return [
        Key(kind=KeyKind.CODE, value=f"{code.casefold()}|{product}|{place}", name=f"{code} · {label.strip()}"[:200])
        for place, label in places
    ]


def _is_fault(problem: Problem) -> bool:
    return assess(problem.title, problem.description[:LONGEST_TEXT]).malfunction >= FAULT


def _same(name: str) -> str:
    return " ".join(name.casefold().split())[:80]
