"""Rules, one document each."""

from services.triage.diagnosis_rules.domain import DiagnosisRule
from shared.store import Store


class DiagnosisRules(Store[DiagnosisRule]):
    kind = DiagnosisRule
    has_outbox = False
