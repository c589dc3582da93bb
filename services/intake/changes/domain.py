"""What can be done to many tickets: what is there for one."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import quote

MOST_TICKETS = 100


class Action(StrEnum):
    AMEND = "amend"
    CLOSE = "close"
    MERGE = "merge"
    NOTE = "note"
    RELATE = "relate"
    WATCH = "watch"


@dataclass(frozen=True)
class Command:
    """The request to one ticket. `always` is what its body says besides what people send."""

    method: str
    path: str
    always: Mapping[str, Any] = field(default_factory=dict)

    def on(self, ticket: str) -> str:
        """Its address; what is called `..` leads nowhere else."""
        return self.path.replace("{ticket}", quote(ticket, safe="").replace(".", "%2E"))


COMMANDS: Mapping[Action, Command] = {
    Action.AMEND: Command("PATCH", "/v1/tickets/{ticket}"),
    Action.CLOSE: Command("POST", "/v1/tickets/{ticket}/closure"),
    Action.MERGE: Command("POST", "/v1/tickets/{ticket}/merge"),
    Action.NOTE: Command("POST", "/v1/tickets/{ticket}/messages", {"internal": True}),
    Action.RELATE: Command("POST", "/v1/tickets/{ticket}/relations"),
    Action.WATCH: Command("POST", "/v1/tickets/{ticket}/watchers"),
}


def key_for(key: str, ticket: str) -> str:
    """The key of a ticket's part of a request that has this one; empty without one. Keys of people never begin so by
    chance."""
    return f"part-{hashlib.sha256(f'{ticket} {key}'.encode()).hexdigest()}" if key else ""
