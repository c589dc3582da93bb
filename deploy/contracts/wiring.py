"""The five services as they are wired, and what the documents about them share."""

import re
from contextlib import AsyncExitStack
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from fastapi.routing import iter_route_contexts
from pydantic import SecretStr

from deploy.services import SERVICES
from shared.bus import Bus
from shared.events import (
    ENVELOPE,
    Event,
)
from shared.mongo import Database
from shared.service import Runtime
from shared.settings import Settings

Json = dict[str, Any]
VERSION = "1.0.0"
SCHEMAS = "#/components/schemas/"
WITH_SLASHES = re.compile(r":\w+}")  # a converter of our own or `path`


@dataclass(frozen=True)
class Service:
    name: str
    openapi: Json
    listens_to: frozenset[type[Event]]
    slashed: frozenset[str] = frozenset()  # paths with a parameter that may have slashes


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
            paths = [route.path or "" for route in iter_route_contexts(app.routes)]
            slashed = frozenset(WITH_SLASHES.sub("}", path) for path in paths if WITH_SLASHES.search(path))
            found.append(Service(name, app.openapi(), frozenset(runtime.bus.handlers), slashed))
    return found


def schema_ref(name: str) -> Json:
    return {"$ref": SCHEMAS + name}


def without_envelope(schema: Json) -> Json:
    properties = {name: field for name, field in schema["properties"].items() if name not in ENVELOPE}
    required = [name for name in schema["required"] if name not in ENVELOPE]
    return {**schema, "properties": properties, "required": required}


def merge(into: Json, more: Json) -> None:
    for name, schema in more.items():
        if into.setdefault(name, schema) != schema:
            raise ValueError(f"two schemas are named {name}")
