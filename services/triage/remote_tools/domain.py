"""A tool for remote assistance: approved, or not any more (P3.1)."""

from shared.domain import Aggregate, Conflict
from shared.events import Event
from shared.terms import Text

MOST_TOOLS = 100


class TooManyTools(Conflict):
    title = Text("Too many remote tools", "远程协助工具数量已达上限")


class RemoteTool(Aggregate):
    name: str
    approved: bool = True

    def set_up(self, name: str, approved: bool) -> list[Event]:
        self.name, self.approved = name, approved
        return []
