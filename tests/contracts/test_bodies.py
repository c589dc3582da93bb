"""What people send is refused where it has a field that we do not know: every request body is a `Body`."""

from collections.abc import Iterator
from contextlib import AsyncExitStack
from datetime import date, datetime
from inspect import isclass
from typing import Any, get_args

from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import iter_route_contexts
from pydantic import AwareDatetime, BaseModel, SecretStr, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from deploy.services import SERVICES
from shared.bus import Bus
from shared.http import Body
from shared.mongo import Database
from shared.service import Runtime
from shared.settings import Settings
from tests.servers import app_factory

FAR = ("0001-01-01", "9999-12-31", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59")


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isclass(annotation) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models(part)


async def contexts_of(service: str) -> list[Any]:
    settings = Settings(link_secret=SecretStr("nothing is signed with this one here"))
    async with AsyncExitStack() as stack:
        database = Database.open("mongodb://127.0.0.1:27017/", service)
        stack.push_async_callback(database.close)
        runtime = Runtime(service, settings, database, Bus("nats://127.0.0.1:4222", service))
        return list(iter_route_contexts(app_factory(service)(runtime).routes))


async def bodies_of(service: str) -> set[tuple[str, type[BaseModel]]]:
    fields = [
        (context.path, field.field_info.annotation)
        for context in await contexts_of(service)
        if (field := getattr(context.route, "body_field", None))
    ]
    return {(path or "", model) for path, annotation in fields for model in models(annotation)}


async def test_every_request_body_refuses_unknown_fields() -> None:
    bodies = [one for service in SERVICES for one in await bodies_of(service)]
    assert len(bodies) > 80
    assert [(path, model.__name__) for path, model in bodies if not issubclass(model, Body)] == []


def all_fields(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[tuple[str, FieldInfo]]:
    """Those of its parts too."""
    if model in seen:
        return
    seen.add(model)
    for name, field in model.model_fields.items():
        yield f"{model.__name__}.{name}", field
        for part in models(field.annotation):
            yield from all_fields(part, seen)


def dates_in(annotation: Any) -> bool:
    return annotation in (date, datetime, AwareDatetime) or any(map(dates_in, get_args(annotation)))


def takes(field: FieldInfo, sent: str) -> bool:
    try:
        TypeAdapter(field.rebuild_annotation()).validate_python(sent)
    except ValidationError:
        return False
    return True


async def test_every_moment_that_is_sent_is_one_that_can_be_reckoned_with() -> None:
    """In bodies and behind a question mark: years 1 and 9999 are refused wherever a day or moment is taken."""
    found: dict[str, FieldInfo] = {}
    for service in SERVICES:
        seen: set[type[BaseModel]] = set()
        for _, model in await bodies_of(service):
            found |= dict(all_fields(model, seen))
        for context in await contexts_of(service):
            if dependant := getattr(context.route, "dependant", None):
                found |= {f"{context.path}?{one.alias}": one.field_info for one in get_flat_params(dependant)}
    dated = {name: field for name, field in found.items() if dates_in(field.annotation)}
    assert len(dated) > 40
    assert [name for name, field in dated.items() if any(takes(field, far) for far in FAR)] == []
