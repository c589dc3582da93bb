"""What is added to a case and never overwritten: each completion, each reopening, and what was found on the way."""

from collections.abc import Sequence
from typing import TypeVar

from pydantic import AwareDatetime

from services.kb.cases.personal import Mask
from services.kb.cases.truncation import truncated
from shared.domain import Value
from shared.events import TriageConsultationConcluded, TriageLogAnalysed
from shared.terms import Satisfaction

MOST_KEPT = 20  # of each kind, the newest
NOTE_BYTES = 8_000  # of a text of which there can be many
MOST_NAMED = 20


class Completion(Value):
    """How the ticket ended, each time that it did; `number` is the ticket's version."""

    number: int
    archived_at: AwareDatetime
    resolved_at: AwareDatetime | None = None
    solution: str = ""
    root_cause: str = ""
    satisfaction: Satisfaction | None = None
    feedback_comment: str = ""
    cause_of_dissatisfaction: str = ""
    second_plan: str = ""


class Reopening(Value):
    number: int
    reopened_at: AwareDatetime
    reason: str


class Consultation(Value):
    """What an expert consultation came to."""

    number: int
    concluded_at: AwareDatetime
    conclusions: str
    action_items: list[str]

    @classmethod
    def of(cls, event: TriageConsultationConcluded) -> "Consultation":
        items = [truncated(one, NOTE_BYTES) for one in event.action_items[:MOST_NAMED]]
        said = truncated(event.conclusions, NOTE_BYTES)
        return cls(number=event.revision, concluded_at=event.time, conclusions=said, action_items=items)

    def masked(self, mask: Mask) -> "Consultation":
        items = [mask.text(one) for one in self.action_items]
        return self.model_copy(update={"conclusions": mask.text(self.conclusions), "action_items": items})


class LogFinding(Value):
    """What the analysis of a log found."""

    number: int
    analysed_at: AwareDatetime
    exceptions: list[str]
    root_cause: str
    module: str
    systems: list[str]

    @classmethod
    def of(cls, event: TriageLogAnalysed) -> "LogFinding":
        return cls(
            number=event.revision,
            analysed_at=event.time,
            exceptions=[truncated(one, 500) for one in event.exceptions[:MOST_NAMED]],
            root_cause=truncated(event.root_cause, NOTE_BYTES),
            module=truncated(event.module, 500),
            systems=event.systems[:MOST_NAMED],
        )

    def masked(self, mask: Mask) -> "LogFinding":
        lines = [mask.text(one) for one in self.exceptions]
        return self.model_copy(update={"root_cause": mask.text(self.root_cause), "exceptions": lines})


K = TypeVar("K", bound=Completion | Reopening | Consultation | LogFinding)


def added(kept: Sequence[K], new: K) -> list[K]:
    """In the order of what happened, in whatever order it is received; each once."""
    others = [one for one in kept if one.number != new.number]
    return sorted([*others, new], key=lambda one: one.number)[-MOST_KEPT:]
