"""The erasure of a person: asked for by an administrator, confirmed by somebody else, done in steps, and proved."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import AwareDatetime, Field

from shared.domain import Aggregate, Conflict, Forbidden, Value
from shared.events import ContactErased, Event
from shared.phones import e164
from shared.terms import Term, Text

ASKED_FOR = timedelta(days=7)  # so long a request waits to be confirmed
EVENT_TICKETS = 5_000  # named in one event
SALT = b"bihuan erasure "


class ErasureState(Term):
    REQUESTED = "requested", "requested", "待确认"
    RUNNING = "running", "running", "执行中"
    FINISHED = "finished", "finished", "已完成"
    EXPIRED = "expired", "expired", "已过期"


class AlreadyConfirmed(Conflict):
    title = Text("The erasure cannot be confirmed any more", "该删除请求已无法确认")


class SamePerson(Forbidden):
    title = Text("Somebody else has to confirm it", "须由另一人确认")


class StillOpen(Conflict):
    title = Text("The person has open tickets", "该联系人有未完成的工单")


class Identities(Value):
    """Who it is: the desk's records, and everything that they are known by."""

    records: list[str] = Field(default_factory=list)
    names: list[str] = Field(default_factory=list)
    subs: list[str] = Field(default_factory=list)
    emails: list[str] = Field(default_factory=list)
    phones: list[str] = Field(default_factory=list)
    addresses: list[str] = Field(default_factory=list)

    def merged(self, other: "Identities") -> "Identities":
        both = {name: [*getattr(self, name), *getattr(other, name)] for name in Identities.model_fields}
        return Identities(**{name: list(dict.fromkeys(values)) for name, values in both.items()})

    @property
    def is_somebody(self) -> bool:
        """A name or a telephone number alone is nobody in particular."""
        return bool(self.subs or self.emails or self.addresses)

    @property
    def numbers(self) -> list[str]:
        """However they may be written."""
        known = [number for one in self.phones for number in (one, e164(one), e164(one).removeprefix("+86"))]
        return [one for one in dict.fromkeys(known) if len(one) >= 7]

    @property
    def known_by(self) -> list[str]:
        """What stands for them, wherever it is; names are not among it, since others have them too."""
        return [*self.records, *self.subs, *self.emails, *self.addresses, *self.numbers]


class Counted(Value):
    """What was done in one collection, and what still names the person there."""

    collection: str
    changed: int = 0
    left: int = 0


class Erasure(Aggregate):
    """`identities` are here until it is done; then `digests` of them, keyed with the desk's secret, and `proof` over
    all that is known of it. `names_elsewhere` are documents that have a name of theirs, of which nobody can say whose
    it is."""

    reason: str
    state: ErasureState = ErasureState.REQUESTED
    identities: Identities | None = None
    tickets: list[str] = Field(default_factory=list)
    files: int = 0
    requested_by: str
    requested_at: AwareDatetime
    confirmed_by: str = ""
    confirmed_at: AwareDatetime | None = None
    finished_at: AwareDatetime | None = None
    counted: list[Counted] = Field(default_factory=list)
    names_elsewhere: int = 0
    digests: list[str] = Field(default_factory=list)
    proof: str = ""
    due_at: AwareDatetime | None = None

    def confirm(self, by: str, now: datetime) -> list[Event]:
        """Raises AlreadyConfirmed, SamePerson."""
        if self.state is not ErasureState.REQUESTED:
            raise AlreadyConfirmed(f"{self.id} is {self.state.label.en}", f"{self.id} {self.state.label.zh}")
        if by == self.requested_by:
            raise SamePerson(
                "Who asked for it cannot confirm it: nothing brings it back", "申请人不能自行确认：删除后无法恢复"
            )
        self.state, self.confirmed_by, self.confirmed_at, self.due_at = ErasureState.RUNNING, by, now, now
        return []

    def expire(self) -> list[Event]:
        if self.state is ErasureState.REQUESTED:
            self.state, self.identities, self.due_at = ErasureState.EXPIRED, None, None
        return []

    def found(self, tickets: Sequence[str], now: datetime) -> list[Event]:
        self.tickets = sorted({*self.tickets, *tickets})
        self.due_at = now
        return []

    def did(self, counted: Sequence[Counted], files: int) -> list[Event]:
        """Together with what was done before, should it have been interrupted."""
        known = {one.collection: one for one in self.counted}
        for one in counted:
            before = known.get(one.collection, Counted(collection=one.collection))
            known[one.collection] = before.model_copy(update={"changed": before.changed + one.changed})
        self.counted = [known[name] for name in sorted(known)]
        self.files += files
        return []

    def finish(self, left: dict[str, int], names_elsewhere: int, secret: str, now: datetime) -> list[Event]:
        if self.state is not ErasureState.RUNNING or self.identities is None:
            return []
        known = {one.collection: one for one in self.counted}
        names = sorted({*known, *left})
        self.counted = [
            known.get(name, Counted(collection=name)).model_copy(update={"left": left.get(name, 0)}) for name in names
        ]
        self.names_elsewhere = names_elsewhere
        self.digests = sorted(digest(one, secret) for one in self.identities.known_by)
        self.identities, self.state, self.finished_at, self.due_at = None, ErasureState.FINISHED, now, None
        self.proof = self.signed(secret)
        parts = [self.tickets[at : at + EVENT_TICKETS] for at in range(0, len(self.tickets), EVENT_TICKETS)] or [[]]
        return [ContactErased(subject=self.id, time=now, tickets=part) for part in parts]

    def signed(self, secret: str) -> str:
        """HMAC-SHA256 over who asked, who confirmed, why, what was done and what is left."""
        said = self.model_dump(mode="json", exclude={"version", "proof", "due_at", "identities"})
        content = json.dumps(said, sort_keys=True, ensure_ascii=False).encode()
        return hmac.new(SALT + secret.encode(), content, hashlib.sha256).hexdigest()


def digest(known: str, secret: str) -> str:
    """By which somebody who knows the secret can tell whether this was erased."""
    return hmac.new(SALT + secret.encode(), known.casefold().encode(), hashlib.sha256).hexdigest()[:32]
