"""What triage tells of expert consultations (P3.4)."""

from shared.events.envelope import Event, Part
from shared.terms import Moment


class Invitee(Part):
    """Somebody who is invited: `role` is product, development, vendor or other; `answer` what they said last: accepted,
    declined, tentative, or nothing."""

    id: str
    name: str
    email: str = ""
    role: str = "other"
    language: str = "zh"
    answer: str = ""


class Appointment(Part):
    """When and where; `place` may be an address of a video conference."""

    starts_at: Moment
    ends_at: Moment
    place: str = ""


class ActionItem(Part):
    """What somebody is to do until `due_at`, who is reminded until it is done."""

    id: str
    text: str
    owner: str
    email: str = ""
    language: str = "zh"
    due_at: Moment


class TriageConsultationOpened(Event):
    """`called_by`: lead, sla (it was due), modules (several are touched), engineer (asked for). One that nobody has
    prepared yet has no `invited`. `sequence` and `appointment` are those of the calendar entry (RFC 5545)."""

    kind = "triage.consultation_opened"
    background: str
    tried: str
    stuck_at: str
    invited: list[str]
    round: int = 1
    consultation: str = ""
    called_by: str = "lead"
    reason: str = ""
    invitees: list[Invitee] = []
    appointment: Appointment | None = None
    sequence: int = 0
    title: str = ""


class TriageConsultationChanged(Event):
    """All that is so from now on; `uninvited` are those who are not asked any more. `moved_from` is when it was to be
    held, where that has changed: answers that were given then do not count any more."""

    kind = "triage.consultation_changed"
    consultation: str
    background: str
    tried: str
    stuck_at: str
    invited: list[str]
    invitees: list[Invitee] = []
    uninvited: list[Invitee] = []
    appointment: Appointment | None = None
    moved_from: Appointment | None = None
    sequence: int = 0
    title: str = ""


class TriageInvitationAnswered(Event):
    kind = "triage.invitation_answered"
    consultation: str
    invitee: str
    name: str
    answer: str
    comment: str = ""


class TriageConsultationCancelled(Event):
    kind = "triage.consultation_cancelled"
    consultation: str
    reason: str
    invitees: list[Invitee] = []
    appointment: Appointment | None = None
    sequence: int = 0
    title: str = ""


class TriageConsultationConcluded(Event):
    """`action_items` in words; those in `actions` have an owner and a due date."""

    kind = "triage.consultation_concluded"
    conclusions: str
    action_items: list[str]
    consultation: str = ""
    minutes: str = ""
    actions: list[ActionItem] = []
    title: str = ""


class TriageActionDue(Event):
    """An action item is not done by its due date: told then and once a day until it is. `times` counts."""

    kind = "triage.action_due"
    consultation: str
    action: ActionItem
    times: int
    title: str = ""


class TriageActionDone(Event):
    kind = "triage.action_done"
    consultation: str
    action: str
    result: str = ""
