"""The contracts of the five services, generated from the code: `python -m deploy.contracts [--release]`.

docs/asyncapi.json: every event and who sends and receives it. docs/openapi.json: every route, as the gateway shows it.
docs/events.released.json: the events that somebody may rely on; `--release` adds to it and refuses to break it.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr
from pydantic.json_schema import models_json_schema

from shared.bus import Bus
from shared.events import CONTENT_TYPE, ENVELOPE, EVENTS, MAKER, NAMESPACE, Event, FoundCases, SearchCases
from shared.mongo import Database
from shared.service import Runtime
from shared.settings import Settings

Json = dict[str, Any]
SERVICES = ("intake", "triage", "sla", "kb", "notify")
DOCS = Path(__file__).parents[1] / "docs"
VERSION = "1.0.0"
SCHEMAS = "#/components/schemas/"
WITHOUT_TOKEN = "/api/intake/links/"
METHODS = ("get", "put", "post", "delete", "patch")


@dataclass(frozen=True)
class Service:
    name: str
    openapi: Json
    listens_to: frozenset[type[Event]]


@dataclass(frozen=True)
class Question:
    """What one service asks another over the bus."""

    name: str
    request: type[BaseModel]
    reply: type[BaseModel]
    asked_by: str
    answered_by: str


QUESTIONS = (Question("kb.search", SearchCases, FoundCases, "triage", "kb"),)


async def services() -> list[Service]:
    """Each service as it is wired, without a server: nothing is started."""
    settings = Settings(link_secret=SecretStr("for a document, nothing is signed"))
    found = []
    async with AsyncExitStack() as stack:
        for name in SERVICES:
            database = Database.open("mongodb://127.0.0.1:27017/", name)
            stack.push_async_callback(database.close)
            runtime = Runtime(name, settings, database, Bus("nats://127.0.0.1:4222", name))
            app = import_module(f"services.{name}.app").create_app(runtime)
            found.append(Service(name, app.openapi(), frozenset(runtime.bus.handlers)))
    return found


# ---- AsyncAPI -----------------------------------------------------------------------------------


def asyncapi(services: list[Service]) -> Json:
    channels: Json = {}
    operations: Json = {}
    messages: Json = {}
    schemas: Json = {"CloudEvent": _envelope()} | _schemas(*EVENTS)
    for event in EVENTS:
        name = event.__name__
        schemas[name] = _without_envelope(schemas[name])
        messages[name] = _message(event)
        channel = channels.setdefault(event.kind, {"address": f"{NAMESPACE}.{event.kind}", "messages": {}})
        channel["messages"][name] = _ref(f"#/components/messages/{name}")
        for service in services:
            if MAKER[event.kind.partition(".")[0]] == service.name:
                _operation(operations, service.name, "send", event.kind, name)
            if event in service.listens_to:
                operation = _operation(operations, service.name, "receive", event.kind, name)
                operation["bindings"] = {"nats": {"queue": service.name}}
    for question in QUESTIONS:
        _ask(question, channels, operations, messages, schemas)
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
        "actor": {**text, "description": "Who did it"},
        "cause": {**text, "description": "Which event or request led to it"},
        "traceparent": {**text, "description": "The W3C trace that it belongs to"},
    }
    required = ["specversion", "id", "source", "type", "subject", "time"]
    return {"type": "object", "properties": properties, "required": required}


def _message(event: type[Event]) -> Json:
    data = {"type": {"const": event.type()}, "source": {"const": event.source()}, "data": _schema_ref(event.__name__)}
    return {
        "name": event.type(),
        "title": event.__name__,
        "summary": _about(event),
        "contentType": CONTENT_TYPE,
        "payload": {"allOf": [_schema_ref("CloudEvent")], "properties": data, "required": ["data"]},
    }


def _about(kind: type[BaseModel]) -> str:
    own = (kind.__dict__.get("__doc__") or "").strip()
    return " ".join(own.split()) or kind.__name__


def _ask(question: Question, channels: Json, operations: Json, messages: Json, schemas: Json) -> None:
    asked, answered = question.request.__name__, question.reply.__name__
    _merge(schemas, _schemas(question.request, question.reply))
    for kind in (question.request, question.reply):
        messages[kind.__name__] = {
            "name": kind.__name__,
            "summary": _about(kind),
            "contentType": "application/json",
            "payload": _schema_ref(kind.__name__),
        }
    replies = f"{question.name}.reply"
    channels[question.name] = {
        "address": f"{NAMESPACE}-ask.{question.name}",
        "messages": {asked: _ref(f"#/components/messages/{asked}")},
    }
    channels[replies] = {"address": None, "messages": {answered: _ref(f"#/components/messages/{answered}")}}
    reply = {
        "channel": _ref(f"#/channels/{replies}"),
        "messages": [_ref(f"#/channels/{replies}/messages/{answered}")],
    }
    for service, action in ((question.asked_by, "send"), (question.answered_by, "receive")):
        _operation(operations, service, action, question.name, asked)["reply"] = reply


def _operation(operations: Json, service: str, action: str, channel: str, message: str) -> Json:
    operation: Json = operations.setdefault(
        f"{service}.{action}.{channel}",
        {"action": action, "channel": _ref(f"#/channels/{channel}"), "tags": [{"name": service}], "messages": []},
    )
    operation["messages"].append(_ref(f"#/channels/{channel}/messages/{message}"))
    return operation


def _schemas(*kinds: type[BaseModel]) -> Json:
    """The JSON schemas of these and of all that they hold, by name."""
    _, document = models_json_schema([(kind, "validation") for kind in kinds], ref_template=SCHEMAS + "{model}")
    return dict(document["$defs"])


def _without_envelope(schema: Json) -> Json:
    properties = {name: field for name, field in schema["properties"].items() if name not in ENVELOPE}
    required = [name for name in schema["required"] if name not in ENVELOPE]
    return {**schema, "properties": properties, "required": required}


def _merge(into: Json, more: Json) -> None:
    for name, schema in more.items():
        if into.setdefault(name, schema) != schema:
            raise ValueError(f"two schemas are named {name}")


def _ref(place: str) -> Json:
    return {"$ref": place}


def _schema_ref(name: str) -> Json:
    return _ref(SCHEMAS + name)


# ---- OpenAPI ------------------------------------------------------------------------------------


PROBLEM: Json = {
    "type": "object",
    "description": "A problem (RFC 9457), in the language of the request",
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri"},
        "errors": {
            "type": "array",
            "description": "The wrong fields of a request that is not valid",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
                "required": ["field", "message"],
            },
        },
    },
    "required": ["type", "title", "status", "detail", "instance"],
}
PROBLEM_ANSWER: Json = {
    "description": "It was refused, or went wrong",
    "content": {"application/problem+json": {"schema": _schema_ref("ProblemDetails")}},
}
HEADERS = {"idempotency-key": "Idempotency-Key", "if-match": "If-Match"}
REPLACED = {"HTTPValidationError", "ValidationError"}


def openapi(services: list[Service]) -> Json:
    paths: Json = {}
    schemas: Json = {"ProblemDetails": PROBLEM}
    for service in services:
        name_of = _names(service, services)
        document = _renamed(service.openapi, name_of)
        _merge(schemas, {name_of(name): s for name, s in document["components"]["schemas"].items()})
        for path, operations in document["paths"].items():
            place = f"/api/{service.name}{path}"
            paths[place] = {
                method: _route(service.name, place, method, operations[method])
                for method in METHODS
                if method in operations
            }
    for name in REPLACED:
        schemas.pop(name, None)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Bihuan", "version": VERSION, "description": "Five services behind one gateway."},
        "servers": [{"url": "/"}],
        "tags": [{"name": service.name} for service in services],
        "security": [{"token": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _route(service: str, place: str, method: str, operation: Json) -> Json:
    """The operation as seen from outside: a security scheme for the token's header, problems for errors."""
    parameters = []
    for parameter in operation.get("parameters", []):
        name = parameter["name"]
        if name == "authorization" or (name in HEADERS and method == "get"):
            continue
        parameters.append({**parameter, "name": HEADERS.get(name, name) if parameter["in"] == "header" else name})
    responses = {status: answer for status, answer in operation["responses"].items() if status != "422"}
    route = {key: value for key, value in operation.items() if key != "parameters"}
    route |= {"tags": [service], "operationId": f"{service}.{operation['operationId']}"}
    if parameters:
        route["parameters"] = parameters
    if place.startswith(WITHOUT_TOKEN):
        route["security"] = []
    route["responses"] = {**responses, "default": PROBLEM_ANSWER}
    return route


def _names(service: Service, services: list[Service]) -> Callable[[str], str]:
    """Schema names stay as they are unless two services mean different things by one."""
    own = service.openapi["components"]["schemas"]
    others = [other.openapi["components"]["schemas"] for other in services]
    clashing = {name for name in own for other in others if name in other and other[name] != own[name]}
    return lambda name: f"{service.name.capitalize()}{name}" if name in clashing else name


def _renamed(node: Any, name_of: Callable[[str], str]) -> Any:
    if isinstance(node, dict):
        return {
            key: SCHEMAS + name_of(value.removeprefix(SCHEMAS))
            if key == "$ref" and isinstance(value, str)
            else _renamed(value, name_of)
            for key, value in node.items()
        }
    return [_renamed(one, name_of) for one in node] if isinstance(node, list) else node


# ---- released events ----------------------------------------------------------------------------

Released = dict[str, dict[str, Json]]
ANNOTATIONS = {"title", "description", "default", "examples"}
COMPARED = {"$defs", "properties", "required", "enum", "anyOf", "items", "additionalProperties"}


def present() -> Released:
    """The data of every event as it is now: kind, version, JSON schema."""
    found: Released = {}
    for event in EVENTS:
        schema = _bare(_without_envelope(event.model_json_schema()))
        found.setdefault(event.kind, {})[str(event.schema_version)] = schema
    return dict(sorted(found.items()))


def _bare(schema: Any) -> Any:
    """Without what only people read."""
    if not isinstance(schema, dict):
        return schema
    kept = {key: value for key, value in schema.items() if key not in ANNOTATIONS}
    for key in ("properties", "$defs"):
        if key in kept:
            kept[key] = {name: _bare(one) for name, one in kept[key].items()}
    for key in ("items", "additionalProperties"):
        if key in kept:
            kept[key] = _bare(kept[key])
    if "anyOf" in kept:
        kept["anyOf"] = [_bare(one) for one in kept["anyOf"]]
    return kept


def breaks(released: Released, present: Released) -> list[str]:
    """What somebody who relies on the released events would miss or trip over."""
    found = []
    for kind, versions in released.items():
        for version, schema in versions.items():
            now = present.get(kind, {}).get(version)
            if now is None:
                found.append(f"{kind}.v{version} is gone")
            else:
                found += _differences(schema, now, schema, now, f"{kind}.v{version}")
    return found


def _differences(old: Any, new: Any, old_root: Json, new_root: Json, place: str) -> Iterator[str]:
    old, new = _resolved(old, old_root), _resolved(new, new_root)
    if not isinstance(old, dict) or not isinstance(new, dict):
        if old != new:
            yield f"{place} is of another type"
        return
    for keyword in sorted((set(old) | set(new)) - COMPARED - ANNOTATIONS):
        if old.get(keyword) != new.get(keyword):
            yield f"{place} has another {keyword}: {old.get(keyword)!r} was released, it is {new.get(keyword)!r} now"
    if ("enum" in old) != ("enum" in new):
        yield f"{place} is of another type"
    for value in sorted(set(old.get("enum", [])) - set(new.get("enum", []))):
        yield f"{place} may no longer be {value!r}"
    for name, field in old.get("properties", {}).items():
        if name not in new.get("properties", {}):
            yield f"{place}.{name} is gone"
        else:
            yield from _differences(field, new["properties"][name], old_root, new_root, f"{place}.{name}")
    for name in sorted(set(new.get("required", [])) - set(old.get("required", []))):
        yield f"{place}.{name} is required, which it was not"
    for keyword in ("items", "additionalProperties"):
        if (keyword in old) != (keyword in new):
            yield f"{place} is of another type"
        elif keyword in old:
            yield from _differences(old[keyword], new[keyword], old_root, new_root, f"{place}[]")
    choices, now = old.get("anyOf", []), new.get("anyOf", [])
    if len(choices) != len(now):
        yield f"{place} is of another type"
        return
    for before, after in zip(choices, now, strict=True):
        yield from _differences(before, after, old_root, new_root, place)


def _resolved(schema: Any, root: Json) -> Any:
    while isinstance(schema, dict) and "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    return schema


# ---- writing ------------------------------------------------------------------------------------


def text_of(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def read(name: str) -> Any:
    file = DOCS / name
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def write(name: str, document: Mapping[str, Any]) -> None:
    DOCS.mkdir(exist_ok=True)
    (DOCS / name).write_text(text_of(document), encoding="utf-8")
    print(f"{DOCS.name}/{name}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m deploy.contracts", description="Write the contracts into docs/.")
    parser.add_argument("--release", action="store_true", help="from now on, somebody may rely on the present events")
    arguments = parser.parse_args()
    broken = breaks(read("events.released.json"), present())
    for sentence in broken:
        print(f"incompatible: {sentence}", file=sys.stderr)
    if broken:
        print("A break is a new class with the next schema_version; the old one stays.", file=sys.stderr)
        return 1
    found = asyncio.run(services())
    write("asyncapi.json", asyncapi(found))
    write("openapi.json", openapi(found))
    if arguments.release:
        write("events.released.json", present())
    return 0


if __name__ == "__main__":
    sys.exit(main())
