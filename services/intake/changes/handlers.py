"""Doing to a ticket what its own routes do, as whoever asks: each part of a request is a request to this very app.

So a part is allowed, checked, repeated, refused and recorded as if it had been sent alone, and there is no second way
to change a ticket.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import TypeAdapter, ValidationError

from services.intake.changes.domain import COMMANDS, Action, Command, key_for
from services.intake.changes.parts import ChangeResult
from shared.http.caller import OWN_PAGES

PASSED_ON = ("authorization", "cookie", OWN_PAGES, "accept-language")
UNAVAILABLE = 503
REQUEST_ID_LENGTH = 56  # characters, which leaves room for the number of the part


@dataclass
class Parts:
    """Those of one request, in their order."""

    client: httpx2.AsyncClient
    headers: Mapping[str, str]  # as they came, which may be no ASCII
    request_id: str
    key: str
    number: int = 0
    last: httpx2.Response | None = None

    async def do(
        self, action: Action, ticket: str, body: Mapping[str, Any], version: int | None, name: str = ""
    ) -> ChangeResult:
        """`name` tells the parts of one ticket apart. When a server is away, what is left is not tried."""
        command = COMMANDS[action]
        self.number += 1
        headers = {**self.headers, "x-request-id": f"{self.request_id}-{self.number}"}
        if key := key_for(self.key, f"{ticket}{name}"):
            headers["idempotency-key"] = key
        if version is not None:
            headers["if-match"] = f'"{version}"'
        if self.last is None or self.last.status_code != UNAVAILABLE:
            content = {**body, **command.always}
            sent = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
            self.last = await self.client.request(command.method, command.on(ticket), json=content, headers=sent)
        return ChangeResult.of(ticket, self.last)


@asynccontextmanager
async def parts_of(request: Request) -> AsyncIterator[Parts]:
    transport = httpx2.ASGITransport(request.app, raise_app_exceptions=False)
    headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
    async with httpx2.AsyncClient(transport=transport, base_url="http://intake", timeout=None) as client:
        request_id: str = request.state.request_id[:REQUEST_ID_LENGTH]
        yield Parts(client, headers, request_id, request.headers.get("idempotency-key", ""))


def check_body(app: FastAPI, action: Action, body: Mapping[str, Any], where: tuple[str, ...]) -> None:
    """Whether its route takes this. Raises RequestValidationError, which names its fields as parts of `where`."""
    command = COMMANDS[action]
    if wrong := [name for name, value in command.always.items() if body.get(name, value) != value]:
        raise RequestValidationError([{"type": "extra_forbidden", "loc": (*where, name)} for name in wrong])
    try:
        _adapter(app, command).validate_python({**body, **command.always})
    except ValidationError as error:
        found = error.errors(include_url=False)
        raise RequestValidationError([{**one, "loc": (*where, *one["loc"])} for one in found]) from error


def _adapter(app: FastAPI, command: Command) -> TypeAdapter[Any]:
    """Of the body that the command's route takes."""
    for route in iter_route_contexts(app.routes):
        there = route.original_route
        if route.path == command.path and command.method in (route.methods or ()) and isinstance(there, APIRoute):
            assert there.body_field, route.path
            model: Any = there.body_field.field_info.annotation
            return TypeAdapter(model)
    raise LookupError(f"no route takes {command.method} {command.path}")
