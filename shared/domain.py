"""What every `domain.py` is built from: the aggregate and the refusals."""

from dataclasses import dataclass
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from shared.events import Event
from shared.terms import Text


class Value(BaseModel):
    """A part of an aggregate, without an identity of its own. What a newer release has stored in it stays there when
    this one writes it again; people cannot send unknown fields (`Body`). Where they send it, the sentence below a field
    is its description in the documents."""

    model_config = ConfigDict(extra="allow", use_attribute_docstrings=True)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        known = handler(schema)
        handler.resolve_ref_schema(known)["additionalProperties"] = False
        return known


class Aggregate(BaseModel):
    """State that is loaded, changed and saved as one. `version` counts its changes; the store sets it."""

    model_config = ConfigDict(extra="ignore", validate_assignment=False)

    id: str
    version: int = 0


class Listener(Aggregate):
    """An aggregate that receives facts which may come late, twice and out of order. `revisions` says, for each matter,
    the revision of its maker in the newest fact about it. A matter has one maker."""

    revisions: dict[str, int] = Field(default_factory=dict)

    def is_overtaken(self, matter: str, event: Event) -> bool:
        """Whether a later fact about this matter was received before; if not, this one is the newest now."""
        if event.revision < self.revisions.get(matter, 0):
            return True
        self.revisions[matter] = event.revision
        return False


class Refusal(Exception):
    """An expected refusal of a request, in both languages; `status` is its HTTP status.

    Facts cannot be refused: an event that no longer matters changes nothing.
    """

    status: ClassVar[int] = 400
    title: ClassVar[Text] = Text("The request could not be processed", "操作失败")

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.detail = Text(en, zh)


class TooEarly(Exception):
    """A fact that builds on another which has not arrived yet: the bus brings it again a little later."""


class Invalid(Refusal):
    """`field` is what is wrong, where it is one field: `query.after`."""

    status = 422
    title = Text("Invalid request", "请求内容无效")

    def __init__(self, en: str, zh: str, field: str = "") -> None:
        super().__init__(en, zh)
        self.field = field


class NotFound(Refusal):
    status = 404
    title = Text("Not found", "未找到")

    @classmethod
    def of(cls, id: str) -> "NotFound":
        """Also for what exists and they may not know of: the two must be indistinguishable."""
        return cls(f"{id} does not exist", f"{id} 不存在")


class Conflict(Refusal):
    status = 409
    title = Text("Not allowed in the current state", "当前状态不允许此操作")


class Forbidden(Refusal):
    status = 403
    title = Text("Permission denied", "没有权限")


class Unauthenticated(Refusal):
    status = 401
    title = Text("Authentication required", "请先登录")


class Stale(Refusal):
    status = 412
    title = Text("Modified by someone else", "内容已更新，请刷新后重试")


class TooLarge(Refusal):
    status = 413
    title = Text("Too large", "内容过大")


class Unavailable(Refusal):
    status = 503
    title = Text("Service unavailable", "服务暂时不可用")


class Unreadable(Exception):
    """A document that is not what this release knows. A newer one may have written it, while one replaces the other:
    what is to be done with it waits for that, as a type of event does that only the newer one knows."""


SERVICE = "service:"


@dataclass(frozen=True)
class Origin:
    """Who makes a change, and what makes it happen once.

    `key` is remembered with the aggregate: a second change with the same key changes nothing. `digest` is the
    request's content: the same key with other content is refused. `if_match` is the version the caller saw.
    `fresh_for` limits a key that the server made up itself to that many seconds.
    """

    @classmethod
    def service(cls, name: str) -> "Origin":
        """What a service does by itself, because of an event or because its time has come."""
        return cls(f"{SERVICE}{name}")

    @property
    def is_service(self) -> bool:
        return self.actor.startswith(SERVICE)

    actor: str
    cause: str = ""
    key: str = ""
    digest: str = ""
    if_match: int | None = None
    fresh_for: int | None = None
