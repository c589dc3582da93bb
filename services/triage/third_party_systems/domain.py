"""Third-party systems that the product talks to, and what their errors are recognised by (P3.2)."""

from collections.abc import Iterable, Sequence

from pydantic import Field

from shared.domain import Aggregate, Conflict, Value
from shared.events import Event
from shared.terms import Text

MOST_SYSTEMS, MOST_SIGNATURES = 200, 50
SHORTEST, LONGEST = 3, 200  # characters of a signature
MOST_SUSPECTED = 5  # of one error


class TooManySystems(Conflict):
    title = Text("Too many third-party systems", "第三方系统数量已达上限")


class Signatures(Value):
    """`signatures` are texts that stand in errors of the system: a host, a package, a code; no patterns."""

    name_zh: str
    name_en: str
    contact: str = ""
    signatures: list[str]


class ThirdPartySystem(Aggregate):
    name_zh: str = ""
    name_en: str = ""
    contact: str = ""
    signatures: list[str] = Field(default_factory=list)

    def describe(self, said: Signatures) -> list[Event]:
        self.name_zh, self.name_en, self.contact = said.name_zh, said.name_en, said.contact
        self.signatures = list(dict.fromkeys(said.signatures))
        return []


def suspected(systems: Sequence[ThirdPartySystem], evidence: Iterable[str]) -> list[list[str]]:
    """Of each error the ids of the systems it points to, those with the longest signatures first."""
    known = sorted(((mark.casefold(), one.id) for one in systems for mark in one.signatures), key=_longest)
    found = []
    for text in evidence:
        said = text.casefold()
        found.append(list(dict.fromkeys(id for mark, id in known if mark in said))[:MOST_SUSPECTED])
    return found


def _longest(signature: tuple[str, str]) -> tuple[int, str, str]:
    return -len(signature[0]), *signature
