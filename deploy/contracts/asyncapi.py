"""AsyncAPI 3.0: every event, who sends it and who receives it."""

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from deploy.contracts.questions import NOTICES, QUESTIONS, Notice, Question
from deploy.contracts.wiring import (
    SCHEMAS,
    VERSION,
    Json,
    Service,
    merge,
    schema_ref,
    without_envelope,
)
from shared.events import CONTENT_TYPE, EVENTS, NAMESPACE, Event


def asyncapi(services: list[Service]) -> Json:
    channels: Json = {}
    operations: Json = {}
    messages: Json = {}
    schemas: Json = {"CloudEvent": _envelope()} | _schemas(*EVENTS)
    for event in EVENTS:
        name = event.__name__
        schemas[name] = {"$id": event.dataschema(), **without_envelope(schemas[name])}
        messages[name] = _message(event)
        subject = f"{event.kind}.v{event.schema_version}"
        id = _id(subject)
        channel = channels.setdefault(id, {"address": f"{NAMESPACE}.{subject}", "messages": {}})
        channel["messages"][name] = _ref(f"#/components/messages/{name}")
        for service in services:
            if event.maker() == service.name:
                _operation(operations, service.name, "send", id, name)
            if event in service.listens_to:
                operation = _operation(operations, service.name, "receive", id, name)
                operation["bindings"] = {"nats": {"queue": service.name}}
    for question in QUESTIONS:
        _ask(question, channels, operations, messages, schemas)
    for notice in NOTICES:
        _add_notice(notice, channels, operations, messages, schemas)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Bihuan events",
            "version": VERSION,
            "description": "Facts as CloudEvents 1.0 in structured JSON on NATS JetStream; delivery is at least once.",
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": {"bus": {"host": "nats:4222", "protocol": "nats"}},
        "channels": dict(sorted(channels.items())),
        "operations": dict(sorted(operations.items())),
        "components": {"messages": dict(sorted(messages.items())), "schemas": dict(sorted(schemas.items()))},
    }


def _envelope() -> Json:
    """What every event carries besides its data."""
    text = {"type": "string"}
    properties = {
        "specversion": {"const": "1.0"},
        "id": {**text, "minLength": 1},
        "source": text,
        "type": text,
        "subject": {**text, "description": "The ticket number, or the id of what changed where there is no ticket"},
        "time": {**text, "format": "date-time"},
        "datacontenttype": {"const": "application/json"},
        "dataschema": {**text, "format": "uri", "description": "The `$id` of the schema of its data"},
        "revision": {
            "type": "integer",
            "minimum": 0,
            "description": "The version of the aggregate that the change made: of two facts the greater one holds",
        },
        "actor": {
            **text,
            "description": "Who did it: a person's `sub`, `mailto:<address>` for a guest, `service:<name>`",
        },
        "cause": {**text, "description": "Which event or request led to it"},
        "traceparent": {**text, "description": "The W3C trace that it belongs to"},
        "ordertime": {
            **text,
            "format": "date-time",
            "description": "Where the change before has this `time` or a later one: a moment behind it, to sort by",
        },
    }
    required = ["specversion", "id", "source", "type", "subject", "time"]
    return {"type": "object", "properties": properties, "required": required}


def _message(event: type[Event]) -> Json:
    data = {"type": {"const": event.type()}, "source": {"const": event.source()}, "data": schema_ref(event.__name__)}
    return {
        "name": event.type(),
        "title": event.__name__,
        "summary": _about(event),
        "contentType": CONTENT_TYPE,
        "payload": {"allOf": [schema_ref("CloudEvent")], "properties": data, "required": ["data"]},
    }


def _about(kind: type[BaseModel]) -> str:
    own = (kind.__dict__.get("__doc__") or "").strip()
    return " ".join(own.split()) or kind.__name__


def _ask(question: Question, channels: Json, operations: Json, messages: Json, schemas: Json) -> None:
    asked, answered = question.request.__name__, question.reply.__name__
    merge(schemas, _schemas(question.request, question.reply))
    _describe(messages, question.request, question.reply)
    channel, replies = _id(question.name), _id(f"{question.name}.reply")
    channels[channel] = {
        "address": f"{NAMESPACE}-ask.{question.name}",
        "description": f"One replica hears it; on `{NAMESPACE}-ask-all.{question.name}`, asked later, every one does.",
        "messages": {asked: _ref(f"#/components/messages/{asked}")},
    }
    channels[replies] = {"address": None, "messages": {answered: _ref(f"#/components/messages/{answered}")}}
    reply = {
        "channel": _ref(f"#/channels/{replies}"),
        "messages": [_ref(f"#/channels/{replies}/messages/{answered}")],
    }
    for service, action in (*((one, "send") for one in question.asked_by), (question.answered_by, "receive")):
        _operation(operations, service, action, channel, asked)["reply"] = reply


def _add_notice(notice: Notice, channels: Json, operations: Json, messages: Json, schemas: Json) -> None:
    name = notice.message.__name__
    merge(schemas, _schemas(notice.message))
    _describe(messages, notice.message)
    channel = _id(notice.name)
    channels[channel] = {
        "address": f"{NAMESPACE}-now.{notice.name}",
        "description": "Whoever listens just now hears it, every replica; it is kept nowhere.",
        "messages": {name: _ref(f"#/components/messages/{name}")},
    }
    for service, action in ((notice.told_by, "send"), *((one, "receive") for one in notice.heard_by)):
        _operation(operations, service, action, channel, name)


def _describe(messages: Json, *kinds: type[BaseModel]) -> None:
    for kind in kinds:
        messages[kind.__name__] = {
            "name": kind.__name__,
            "summary": _about(kind),
            "contentType": "application/json",
            "payload": schema_ref(kind.__name__),
        }


def _id(subject: str) -> str:
    """By which tools may call a channel in code."""
    return subject.replace(".", "_")


def _operation(operations: Json, service: str, action: str, channel: str, message: str) -> Json:
    operation: Json = operations.setdefault(
        f"{service}_{action}_{channel}",
        {"action": action, "channel": _ref(f"#/channels/{channel}"), "tags": [{"name": service}], "messages": []},
    )
    operation["messages"].append(_ref(f"#/channels/{channel}/messages/{message}"))
    return operation


def _schemas(*kinds: type[BaseModel]) -> Json:
    """The JSON schemas of these and of all that they hold, by name."""
    _, document = models_json_schema([(kind, "validation") for kind in kinds], ref_template=SCHEMAS + "{model}")
    return dict(document["$defs"])


def _ref(place: str) -> Json:
    return {"$ref": place}
