"""What people send is refused where it has a field that we do not know: every request body is a `Body`."""

from collections.abc import Iterator
from contextlib import AsyncExitStack
from inspect import isclass
from typing import Any, get_args

from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, SecretStr

from deploy.services import SERVICES
from shared.bus import Bus
from shared.http import Body
from shared.mongo import Database
from shared.service import Runtime
from shared.settings import Settings
from tests.servers import app_factory


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isclass(annotation) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models(part)


async def bodies_of(service: str) -> set[tuple[str, type[BaseModel]]]:
    settings = Settings(link_secret=SecretStr("nothing is signed with this one here"))
    async with AsyncExitStack() as stack:
        database = Database.open("mongodb://127.0.0.1:27017/", service)
        stack.push_async_callback(database.close)
        runtime = Runtime(service, settings, database, Bus("nats://127.0.0.1:4222", service))
        fields = [
            (context.path, field.field_info.annotation)
            for context in iter_route_contexts(app_factory(service)(runtime).routes)
            if (field := getattr(context.route, "body_field", None))
        ]
    return {(path or "", model) for path, annotation in fields for model in models(annotation)}


async def test_every_request_body_refuses_unknown_fields() -> None:
    bodies = [one for service in SERVICES for one in await bodies_of(service)]
    assert len(bodies) > 80
    assert [(path, model.__name__) for path, model in bodies if not issubclass(model, Body)] == []
