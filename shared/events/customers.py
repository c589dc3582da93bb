"""What intake tells of those who ask: customers, and calls of the hotline."""

from shared.events.envelope import Event
from shared.terms import Moment, OpenTerm


class CallState(OpenTerm):
    """How far a call of the hotline is."""

    RINGING = "ringing", "ringing", "振铃中"
    ANSWERED = "answered", "answered", "通话中"
    ENDED = "ended", "ended", "已结束"
    MISSED = "missed", "missed", "未接"


class CallChanged(Event):
    """A call of the hotline rings, was answered, ended or missed, or was put on a ticket; `subject` is its id. Pages of
    agents open by it what is known of the `number`."""

    kind = "call.changed"
    state: CallState
    number: str
    dialled: str = ""
    agent: str = ""
    outbound: bool = False
    ticket: str = ""


class CustomerMerged(Event):
    """Somebody said that two customers are one: `subject` is found to be `into`; empty when they are two again, and
    then `before` says which it was."""

    kind = "customer.merged"
    into: str
    before: str = ""
    reason: str = ""


class ProductVersionReleased(Event):
    """A version of a product is supported from now on; `subject` is the product's record, `names` are all that it is
    called."""

    kind = "product.version_released"
    product: str
    names: list[str]
    version: str


class ProductReleaseUpcoming(Event):
    """A version of a product goes live in two weeks, or sooner where it was planned later; `subject` is the product's
    record, `names` are all that it is called, `predecessors` the versions that are supported now, the newest first."""

    kind = "product.release_upcoming"
    product: str
    names: list[str]
    version: str
    predecessors: list[str]
    goes_live_at: Moment
