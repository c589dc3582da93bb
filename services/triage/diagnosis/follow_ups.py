"""What customers say after the opening: in a message, an answer, an urge, a rejection (P2.2). It can raise the
priority; nothing that triage reads lowers it."""

from dataclasses import dataclass, replace

from services.triage.diagnosis.classifier import URGENT_AT, Diagnosis, likeliest
from services.triage.diagnosis.meanings import reasons
from services.triage.work.domain import RANK, UNRANKED
from shared.events import Reason
from shared.reading.judgement import judge
from shared.terms import Priority

# A few words that tell of nothing mean nothing: "yes", a version, "see the screenshot".
TELLING = {"tells a fault", "standstill", "crowd", "many users", "code"}
MOST_REASONS = 4
SAID_LATER = Reason(en="the customer reports more than at first", zh="客户后续反馈情况加重")


@dataclass(frozen=True)
class FollowUp:
    priority: Priority
    reasons: list[Reason]
    confidence: float

    def outranks(self, priority: Priority) -> bool:
        return RANK.get(self.priority, UNRANKED) < RANK.get(priority, UNRANKED)

    def added_to(self, diagnosis: Diagnosis) -> Diagnosis:
        """Its category, and the higher of the two priorities for its own reasons."""
        if not self.outranks(diagnosis.priority):
            return diagnosis
        confidence = min(self.confidence, diagnosis.confidence)
        return replace(diagnosis, priority=self.priority, reasons=self.reasons, confidence=confidence)


NOTHING = FollowUp(Priority.NORMAL, [], 0)


def read(text: str) -> FollowUp:
    """NOTHING unless it tells of a fault of now, in the customer's own words."""
    judged = judge("", text)
    priority, sure = likeliest(judged)
    if priority is Priority.NORMAL or sure < URGENT_AT or TELLING.isdisjoint(judged.facts):
        return NOTHING
    said = reasons("", text, judged.evidence)
    return FollowUp(priority, [SAID_LATER, *said][:MOST_REASONS], round(sure, 2))
