"""The envelope of every event: a CloudEvent 1.0 in structured JSON
(https://github.com/cloudevents/spec, cloudevents/spec.md and bindings/nats-protocol-binding.md)."""

import json
import re
from datetime import datetime
from typing import Any, ClassVar
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from shared.terms import Moment

CONTENT_TYPE = "application/cloudevents+json"
NAMESPACE = "bihuan"
# Which service makes the events whose kind begins with this word.
MAKER = {
    "ticket": "intake",
    "customer": "intake",
    "contact": "intake",
    "product": "intake",
    "import": "intake",
    "call": "intake",
    "mail": "intake",
    "triage": "triage",
    "incident": "triage",
    "sla": "sla",
    "kb": "kb",
    "notify": "notify",
}
BY_TYPE: dict[str, type["Event"]] = {}  # every class of events, by what it is called on the wire


class Malformed(Exception):
    """The bytes are no event: no JSON, no CloudEvent, wrong data. Says what is wrong, never what it says."""


class UnknownType(Exception):
    """A CloudEvent of a type or version that is not known here, perhaps to a newer replica."""


class Event(BaseModel):
    """What all events carry: which fact (`id`), about what (`subject`), when (`time`), the version of the aggregate
    that the change made (`revision`, 0 where it is not known), who did it (`actor`: a person's `sub`,
    `mailto:<address>` for a guest, `service:<name>`), which event or request led to it (`cause`), and the trace that
    it belongs to. `ordertime` is told where the change before has this `time` or a later one: a moment behind it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)
    kind: ClassVar[str] = ""
    schema_version: ClassVar[int] = 1

    subject: str
    time: Moment
    id: str = Field(default_factory=lambda: uuid4().hex)
    revision: int = Field(0, ge=0)
    actor: str = ""
    cause: str = ""
    traceparent: str = ""
    ordertime: Moment | None = None

    @property
    def ordered_at(self) -> datetime:
        """Its moment among the facts about its aggregate: it grows with their revision, whatever their clocks say."""
        return max(self.time, self.ordertime or self.time)

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        BY_TYPE[cls.type()] = cls

    @classmethod
    def type(cls) -> str:
        return f"{NAMESPACE}.{cls.kind}.v{cls.schema_version}"

    @classmethod
    def dataschema(cls) -> str:
        """The `$id` of its data's JSON Schema in docs/asyncapi.json."""
        return f"urn:{NAMESPACE}:event:{cls.kind}:v{cls.schema_version}"

    @classmethod
    def maker(cls) -> str:
        """The service that makes it."""
        return MAKER[cls.kind.partition(".")[0]]

    @classmethod
    def source(cls) -> str:
        """The service that makes it, as a CloudEvents source."""
        return f"/{NAMESPACE}/{cls.maker()}"

    def to_wire(self) -> bytes:
        data = self.model_dump_json(exclude=ENVELOPE, by_alias=True)
        head = {
            "specversion": "1.0",
            "id": self.id,
            "source": self.source(),
            "type": self.type(),
            "subject": self.subject,
            "time": self.time.isoformat(),
            "datacontenttype": "application/json",
            "dataschema": self.dataschema(),
        }
        head |= {k: v for k in ("revision", "actor", "cause", "traceparent") if (v := getattr(self, k))}
        if self.ordertime:
            head["ordertime"] = self.ordertime.isoformat()
        return f'{json.dumps(head, ensure_ascii=False)[:-1]}, "data": {data}}}'.encode()

    @staticmethod
    def from_wire(body: bytes) -> "Event":
        """The event in these bytes. Raises Malformed, UnknownType."""
        try:
            envelope = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise Malformed(f"not JSON ({type(error).__name__})") from None
        if not isinstance(envelope, dict) or envelope.get("specversion") != "1.0" or not envelope.get("id"):
            raise Malformed("not a CloudEvent 1.0")
        name = str(envelope.get("type"))
        kind = BY_TYPE.get(name)
        if kind is None:
            if TYPE.fullmatch(name):
                raise UnknownType(name)
            raise Malformed("not one of our types")
        data = envelope.get("data")
        if not isinstance(data, dict):
            raise Malformed("data is not an object")
        try:
            return kind.model_validate({**data, **{k: envelope[k] for k in ENVELOPE if k in envelope}})
        except ValidationError as error:
            # below its own fields an event may hold what senders call theirs
            wrong = ", ".join(dict.fromkeys(str(e["loc"][0])[:80] for e in error.errors(include_input=False)[:10]))
            raise Malformed(f"{kind.type()}: {error.error_count()} wrong fields: {wrong}") from None


ENVELOPE = set(Event.model_fields)
TYPE = re.compile(rf"{NAMESPACE}\.[a-z_]{{1,40}}\.[a-z_]{{1,60}}\.v[0-9]{{1,4}}")


class Part(BaseModel):
    """A value inside an event, and inside documents: there, what a newer release has stored in it stays when this one
    writes it again."""

    model_config = ConfigDict(frozen=True, extra="allow")

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        known = handler(schema)
        handler.resolve_ref_schema(known).pop("additionalProperties", None)
        return known


def wire_time(moment: datetime) -> datetime:
    """Cut to milliseconds, which is all that MongoDB keeps."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def as_dict(event: Event) -> dict[str, Any]:
    return json.loads(event.to_wire())  # type: ignore[no-any-return]
