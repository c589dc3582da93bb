"""A cause of dissatisfaction that a call-back may name."""

from datetime import datetime
from typing import ClassVar

from pydantic import AwareDatetime

from services.intake.products.domain import spelt
from shared.domain import Aggregate, Conflict, Invalid
from shared.events import Event
from shared.terms import Text

MOST_CAUSES = 100


class CauseExists(Conflict):
    title = Text("A cause with this name already exists", "该原因已存在")


class CallBackCause(Aggregate):
    """Both names are there. One that is not `active` is retired: call-backs name it no more, those that did keep it."""

    prefix: ClassVar[str] = "CC-"

    name_zh: str
    name_en: str
    active: bool = True
    added_at: AwareDatetime
    added_by: str = ""

    @property
    def label(self) -> Text:
        return Text(self.name_en, self.name_zh)

    @property
    def keys(self) -> list[str]:
        """What no other cause can have."""
        return sorted({spelt(self.name_zh), spelt(self.name_en)})

    @property
    def order(self) -> str:
        return spelt(self.name_zh)

    def amend(self, name_zh: str | None, name_en: str | None, active: bool | None) -> list[Event]:
        """None leaves it as it is. Raises Invalid for names of which nothing is left."""
        self.name_zh = self.name_zh if name_zh is None else name_zh
        self.name_en = self.name_en if name_en is None else name_en
        self.active = self.active if active is None else active
        if not all(self.keys):
            raise Invalid("A name needs a letter or a digit", "名称须包含文字或数字", "body.name_zh")
        return []


def new_cause(id: str, name_zh: str, name_en: str, by: str, now: datetime) -> CallBackCause:
    cause = CallBackCause(id=id, name_zh=name_zh, name_en=name_en, added_at=now, added_by=by)
    cause.amend(None, None, None)
    return cause
