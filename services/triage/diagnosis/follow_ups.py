"""What customers say after the opening: in a message, an answer, an urge, a rejection (P2.2). It can raise the
priority; nothing that triage reads lowers it."""

from dataclasses import dataclass, field, replace

from services.triage.diagnosis.classifier import MOST_EVIDENCE, URGENT_AT, Diagnosis, likeliest
from services.triage.diagnosis.meanings import evidence, reasons
from services.triage.work.domain import RANK, UNRANKED
from shared.events import Evidence, Reason
from shared.reading.assessment import assess
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
    evidence: list[Evidence] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)

    def outranks(self, priority: Priority) -> bool:
        return RANK.get(self.priority, UNRANKED) < RANK.get(priority, UNRANKED)

    def added_to(self, diagnosis: Diagnosis) -> Diagnosis:
        """Its category, and the higher of the two priorities for its own reasons."""
        if not self.outranks(diagnosis.priority):
            return diagnosis
        confidence = min(self.confidence, diagnosis.confidence)
        evidence = [*self.evidence, *diagnosis.evidence][:MOST_EVIDENCE]
        return replace(
            diagnosis, priority=self.priority, reasons=self.reasons, confidence=confidence, evidence=evidence
        )


NOTHING = FollowUp(Priority.NORMAL, [], 0)


def read(text: str) -> FollowUp:
    """NOTHING unless it tells of a fault of now, in the customer's own words."""
    assessed = assess("", text)
    priority, sure = likeliest(assessed)
    if priority is Priority.NORMAL or sure < URGENT_AT or TELLING.isdisjoint(assessed.facts):
        return NOTHING
    said = reasons(assessed)
    spoke = [one for one in evidence(assessed) if one.speaks_for.startswith("priority:")]
    versions = {"weights": assessed.version}
    return FollowUp(priority, [SAID_LATER, *said][:MOST_REASONS], round(sure, 2), spoke, versions)
