"""What triage tells of the investigation of a ticket (P3.3, P4.1)."""

from shared.events.envelope import Event, Part
from shared.events.kb import Suggestion


class ConfigChange(Part):
    """What was changed on a customer's side in a remote session: how it was before and after, and whether it was put
    back; if not, why it stays."""

    what: str
    before: str = ""
    after: str = ""
    reverted: bool = False
    kept_because: str = ""


class TriageKnowledgeSearched(Event):
    """The knowledge base was asked what solved this before. `answered`: it was there; else nothing is known of it."""

    kind = "triage.knowledge_searched"
    round: int
    query: str
    found: list[Suggestion] = []
    answered: bool = True


class TriageDeepAnalysisBegun(Event):
    """A problem that nobody has solved before: its features in words, and the modules that it touches."""

    kind = "triage.deep_analysis_begun"
    round: int
    features: str
    modules: list[str] = []


class TriageStepTried(Event):
    """One step of the work: what was supposed, what was done, what came of it, and how long it took."""

    kind = "triage.step_tried"
    round: int
    hypothesis: str = ""
    step: str
    result: str
    minutes: int = 0
