"""Something with a name in Chinese, English or both that one person keeps, or the team."""

from datetime import datetime
from typing import Self

from pydantic import AwareDatetime

from shared.domain import Aggregate, Conflict, Forbidden, Invalid, NotFound
from shared.events import Event
from shared.terms import Text

TEAM = "team"
NOBODY = "nobody"


class LimitReached(Conflict):
    title = Text("The limit is reached", "已达上限")


class Kept(Aggregate):
    """`audience` is whose lists it is in. Removed, it stays without its content until nobody can come again with the
    key of the request that created it."""

    name_zh: str = ""
    name_en: str = ""
    owner: str
    owner_name: str = ""
    audience: str
    created_at: AwareDatetime
    changed_at: AwareDatetime
    gone_at: AwareDatetime | None = None

    @property
    def is_shared(self) -> bool:
        return self.audience == TEAM

    def require_name(self) -> Self:
        """Raises Invalid."""
        if not (self.name_zh or self.name_en):
            raise Invalid("`name_zh` or `name_en` is required", "`name_zh` 和 `name_en` 至少填写一项", "body.name_zh")
        return self

    def require_reader(self, sub: str) -> None:
        """Raises NotFound: what is another's own looks like nothing at all."""
        if self.gone_at or self.audience not in (TEAM, own(sub)):
            raise NotFound.of(self.id)

    def require_keeper(self, sub: str, may_share: bool) -> None:
        """Raises NotFound; Forbidden for what is the team's."""
        self.require_reader(sub)
        if self.is_shared:
            require_sharing(may_share)

    def move(self, shared: bool, sub: str, may_share: bool) -> None:
        """To the team, or to this person. Raises Forbidden."""
        if shared != self.is_shared:
            require_sharing(may_share)
            self.audience = audience_of(shared, sub)

    def remove(self, now: datetime) -> list[Event]:
        """Of what was in it nothing is left."""
        blank = type(self)(id=self.id, owner="", audience=NOBODY, created_at=self.created_at, changed_at=now)
        for name in type(self).model_fields:
            if name not in ("id", "version"):
                setattr(self, name, getattr(blank, name))
        self.gone_at = now
        return []


def own(sub: str) -> str:
    return f"own {sub}"


def audience_of(shared: bool, sub: str) -> str:
    return TEAM if shared else own(sub)


def require_sharing(may_share: bool) -> None:
    """Raises Forbidden."""
    if not may_share:
        raise Forbidden(
            "Only leads and admins change what the whole team uses", "只有技术负责人和管理员可以更改团队共用的内容"
        )
