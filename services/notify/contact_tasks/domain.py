"""What a customer is to be told by telephone, who does it, and how it went."""

import hashlib
import re
from datetime import datetime
from enum import StrEnum

from pydantic import AwareDatetime, Field

from shared.domain import Aggregate, Conflict, Value
from shared.erasing import ERASED
from shared.events import Event, NotifyContactTaskDone, NotifyContactTaskOpened
from shared.terms import Text

MOST_ITEMS = 50
MOST_TEXT = 2000  # characters of each item
SIGNED_LINK = re.compile(r"(/links/)[\w.-]+")


class ContactTaskDone(Conflict):
    title = Text("The contact task is done", "联系任务已完成")


class ClaimedBySomeoneElse(Conflict):
    title = Text("Somebody else has this contact task", "联系任务已由他人领取")


class ContactReason(StrEnum):
    """Why: there is no address at all, sending failed for good, or a mail came back."""

    NO_ADDRESS = "no_address"
    FAILED = "failed"
    BOUNCED = "bounced"


class ContactTaskState(StrEnum):
    OPEN = "open"
    CLAIMED = "claimed"
    DONE = "done"


class ContactItem(Value):
    """A notification that did not reach them, by its id."""

    delivery: str
    template: str
    reason: ContactReason
    title: str
    text: str
    error: str = ""
    at: AwareDatetime


class ContactTask(Aggregate):
    """Of one ticket, which has one at a time. `phone` may be empty: then somebody has to find it out."""

    ticket: str
    name: str
    phone: str
    company: str = ""
    language: str
    items: list[ContactItem] = Field(default_factory=list)
    state: ContactTaskState = ContactTaskState.OPEN
    claimed_by: str = ""
    claimed_at: AwareDatetime | None = None
    done_by: str = ""
    done_at: AwareDatetime | None = None
    reached: bool | None = None
    note: str = ""
    created_at: AwareDatetime

    def includes(self, delivery: str) -> bool:
        return any(item.delivery == delivery for item in self.items)

    def collect(self, item: ContactItem) -> list[Event]:
        """It is to be told too; not in one that is done, or full."""
        if (
            self.state is not ContactTaskState.DONE
            and len(self.items) < MOST_ITEMS
            and not self.includes(item.delivery)
        ):
            self.items.append(item)
        return []

    def claim(self, sub: str, now: datetime) -> list[Event]:
        """Whoever telephones says so first. Raises ContactTaskDone, ClaimedBySomeoneElse."""
        self._check_open()
        if self.claimed_by not in ("", sub):
            raise ClaimedBySomeoneElse(f"{self.claimed_by} has it", f"已由 {self.claimed_by} 领取")
        if not self.claimed_by:
            self.state, self.claimed_by, self.claimed_at = ContactTaskState.CLAIMED, sub, now
        return []

    def release(self) -> list[Event]:
        """For somebody else. Raises ContactTaskDone."""
        self._check_open()
        self.state, self.claimed_by, self.claimed_at = ContactTaskState.OPEN, "", None
        return []

    def complete(self, sub: str, reached: bool, note: str, now: datetime) -> list[Event]:
        """Raises ContactTaskDone, ClaimedBySomeoneElse."""
        self.claim(sub, now)
        self.state, self.done_by, self.done_at = ContactTaskState.DONE, sub, now
        self.reached, self.note = reached, note
        told = [item.delivery for item in self.items]
        return [NotifyContactTaskDone(subject=self.ticket, time=now, task=self.id, reached=reached, deliveries=told)]

    def restore_done(self, event: NotifyContactTaskDone) -> list[Event]:
        """As its event told; what was noted is in no event."""
        if self.state is not ContactTaskState.DONE:
            self.state, self.done_by, self.done_at = ContactTaskState.DONE, event.actor, event.time
            self.reached = event.reached
        return []

    def forget(self) -> list[Event]:
        self.name, self.phone, self.note = ERASED, "", ERASED if self.note else ""
        self.items = [one.model_copy(update={"title": ERASED, "text": ERASED, "error": ""}) for one in self.items]
        return []

    def _check_open(self) -> None:
        if self.state is ContactTaskState.DONE:
            raise ContactTaskDone(f"{self.done_by} has done it", f"已由 {self.done_by} 完成")


def contact_item(
    delivery: str, template: str, reason: ContactReason, title: str, text: str, error: str, at: datetime
) -> ContactItem:
    """Signed links are for the customer alone."""
    shown = SIGNED_LINK.sub(r"\1…", text)[:MOST_TEXT]
    return ContactItem(
        delivery=delivery, template=template, reason=reason, title=title, text=shown, error=error[:200], at=at
    )


def id_of(ticket: str, number: int) -> str:
    digest = hashlib.sha256(f"{ticket}\n{number}".encode()).hexdigest()
    return f"CT-{digest[:16]}"


def opened(task: ContactTask, now: datetime) -> list[Event]:
    """What is said of a new one."""
    [item] = task.items
    told = {"task": task.id, "template": item.template, "reason": item.reason.value}
    return [NotifyContactTaskOpened(subject=task.ticket, time=now, **told)]
