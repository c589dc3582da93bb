"""Whoever reads the documents is told what each thing is."""

from collections.abc import Iterator
from typing import Any

import pytest

from deploy.contracts.files import read
from deploy.contracts.wiring import SCHEMAS, Json


@pytest.fixture(scope="module")
def routes() -> Json:
    found: Json = read("openapi.json")
    return found


def operations(routes: Json) -> Iterator[tuple[str, Json]]:
    for path, methods in routes["paths"].items():
        for method, operation in methods.items():
            if path.startswith("/v1/"):
                yield f"{method.upper()} {path}", operation


def named(routes: Json, node: Any) -> set[str]:
    """The schemas that this holds, and that those hold."""
    found: set[str] = set()
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            name = str(one.get("$ref", "")).removeprefix(SCHEMAS)
            if name in routes["components"]["schemas"] and name not in found:
                found.add(name)
                waiting.append(routes["components"]["schemas"][name])
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    return found


def test_every_operation_says_what_it_does(routes: Json) -> None:
    assert [name for name, operation in operations(routes) if not operation.get("description")] == []


def test_every_parameter_has_a_description(routes: Json) -> None:
    silent = [
        f"{name} {parameter['name']}"
        for name, operation in operations(routes)
        for parameter in operation.get("parameters", [])
        if not parameter.get("description")
    ]
    assert silent == []


def test_every_field_has_a_description(routes: Json) -> None:
    schemas = routes["components"]["schemas"]
    reachable = named(routes, [operation for _, operation in operations(routes)])
    silent = [
        f"{name}.{field}"
        for name in sorted(reachable)
        for field, schema in schemas[name].get("properties", {}).items()
        if not schema.get("description")
    ]
    assert silent == []


def test_every_request_has_an_example(routes: Json) -> None:
    silent = []
    for name, operation in operations(routes):
        content = operation.get("requestBody", {}).get("content", {})
        if body := content.get("application/json", {}).get("schema"):
            schema = routes["components"]["schemas"][body["$ref"].removeprefix(SCHEMAS)]
            if not schema.get("examples"):
                silent.append(name)
    assert silent == []
