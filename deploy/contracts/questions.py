"""What the services ask each other over the bus, and what they tell for a moment only."""

from dataclasses import dataclass

from pydantic import BaseModel

from shared.events import (
    AskClockTargets,
    ClockTargets,
    FoundCases,
    SearchCases,
)
from shared.events.intake_files import FilesFound, FindFiles, LogPiece, ReadLog
from shared.events.kb import SEARCH_CHANGED, ArticleText, ReadArticle, SearchChanged
from shared.events.presence import PRESENCE_CHANGED, PresenceChanged


@dataclass(frozen=True)
class Question:
    """What one service asks another over the bus."""

    name: str
    request: type[BaseModel]
    reply: type[BaseModel]
    asked_by: tuple[str, ...]
    answered_by: str


@dataclass(frozen=True)
class Notice:
    """What one service tells for a moment, to whoever listens just now."""

    name: str
    message: type[BaseModel]
    told_by: str
    heard_by: tuple[str, ...]


NOTICES = (
    Notice(PRESENCE_CHANGED, PresenceChanged, "triage", ("notify",)),
    Notice(SEARCH_CHANGED, SearchChanged, "kb", ("kb",)),
)
QUESTIONS = (
    Question("kb.search", SearchCases, FoundCases, ("intake", "triage"), "kb"),
    Question("kb.read_article", ReadArticle, ArticleText, ("intake",), "kb"),
    Question("sla.promises", AskClockTargets, ClockTargets, ("intake",), "sla"),
    Question("intake.read_log", ReadLog, LogPiece, ("triage",), "intake"),
    Question("intake.find_files", FindFiles, FilesFound, ("kb", "triage"), "intake"),
)
