"""What templates are shown with, before anything has happened."""

from services.notify.audiences.domain import Audience
from services.notify.deliveries.rules import ABOUT_NO_TICKET, RULES
from services.notify.templates.samples import sample_of
from shared.events.triage_consultations import ActionItem, Invitee


def samples_of(template: str) -> dict[str, object]:
    """What a template is filled with to show what it says."""
    kind = next(kind for kind, rules in RULES.items() if any(rule.template == template for rule in rules))
    event = sample_of(kind)
    if issubclass(kind, ABOUT_NO_TICKET):
        return {"event": event}
    known: dict[str, object] = {"event": event, "audience": sample_of(Audience), "ticket": "TK-2026-000001"}
    if template.startswith("action_"):
        return {**known, "theirs": sample_of(ActionItem)}
    return {**known, "theirs": sample_of(Invitee), "when": "2026-03-02 12:00"}
