"""What a search over HTTP answers."""

from services.kb.search.domain import FoundCase
from shared.http import Body


class CasesFound(Body):
    cases: list[FoundCase]
