"""A request to every operation of a service, made from its OpenAPI document, with a secret in each place that takes
text."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI

from tests.contracts.requests import METHODS, sample
from tests.journeys.leaks import Seeds

Json = dict[str, Any]
DEEPEST = 6  # of what is within each other in a body


@dataclass(frozen=True)
class Request:
    """`path` and what is sent are full of secrets; `known` is the same path with the names of things that there are,
    `least` what has to be sent and nothing besides, and `wrong` no such body."""

    service: str
    method: str
    template: str
    path: str
    known: str
    params: Mapping[str, str]
    sent: Mapping[str, Any] = field(default_factory=dict)
    least: Mapping[str, Any] = field(default_factory=dict)
    wrong: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Sower:
    document: Json
    seeds: Seeds

    def text(self, schema: Json) -> str | None:
        """The longest kind of secret that fits; None where none does."""
        most, pattern = schema.get("maxLength", 10_000), re.compile(schema.get("pattern", ""))
        if schema.get("format") in ("date-time", "date", "uuid", "uri", "binary"):
            return None
        one = self.seeds
        kinds: tuple[Callable[[], str], ...] = (one.text, one.token, one.name, one.address, one.phone)
        if schema.get("format") == "email":
            kinds = (one.address,)
        turn = len(one.sown) % len(kinds)  # each kind comes where any fits
        for kind in (*kinds[turn:], *kinds[:turn]):
            said = kind()
            if len(said) <= most and pattern.search(said):
                return said
        return None

    def resolved(self, schema: Json) -> Json:
        while "$ref" in schema:
            node: Any = self.document
            for part in schema["$ref"].removeprefix("#/").split("/"):
                node = node[part]
            schema = node
        return schema

    def value(self, schema: Json, depth: int = 0, least: bool = False) -> Any:
        """Valid as far as its schema says, with what is optional or without, and secret where it may be any text."""
        schema = self.resolved(schema)
        for choice in ("anyOf", "oneOf"):
            if choice in schema:
                return self.value(next(one for one in schema[choice] if one.get("type") != "null"), depth, least)
        if "allOf" in schema:
            return self.value(schema["allOf"][0], depth, least)
        kind = schema.get("type")
        if depth > DEEPEST or "enum" in schema or "const" in schema:
            return sample(schema, self.document)
        if kind == "object":
            names = schema.get("required", ()) if least else schema.get("properties", ())
            known = {name: self.value(schema["properties"][name], depth + 1, least) for name in names}
            more = schema.get("additionalProperties")
            if isinstance(more, dict) and not known:
                return {self.seeds.token(): self.value(more, depth + 1, least)}
            return known
        if kind == "array":
            return [self.value(schema["items"], depth + 1, least)] * max(0 if least else 1, schema.get("minItems", 0))
        said = self.text(schema) if kind == "string" else None
        return sample(schema, self.document) if said is None else said

    def wrong(self, body: Any) -> Json:
        """What is no body at all in each of its places, and has a field that nobody knows."""
        fields = body if isinstance(body, dict) else {}
        return {name: [{self.seeds.name(): self.seeds.text()}] for name in fields} | {
            self.seeds.token(): self.seeds.address()
        }


def requests(service: str, app: FastAPI, seeds: Seeds, known: Mapping[str, str]) -> Iterator[Request]:
    """`known`: by the names of parameters. What does not end by itself is left out."""
    document = app.openapi()
    sower = Sower(document, seeds)
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods and "text/event-stream" not in json.dumps(methods[method]["responses"]):
                yield _request(service, method, path, methods[method], sower, known)


def _request(service: str, method: str, path: str, about: Json, sower: Sower, known: Mapping[str, str]) -> Request:
    secret, there, params = path, path, {}
    for one in about.get("parameters", []):
        name, schema = one["name"], one.get("schema", {})
        if one["in"] == "path":
            said = sower.text(sower.resolved(schema)) or sower.seeds.token()
            secret, there = (
                secret.replace("{" + name + "}", said),
                there.replace("{" + name + "}", known.get(name, "nothing-like-that")),
            )
        elif one["in"] == "query":
            params[name] = str(sower.value(schema))
    sent, least, wrong = _bodies(about.get("requestBody", {}).get("content", {}), sower)
    return Request(service, method.upper(), path, secret, there, params, sent, least, wrong)


def _bodies(content: Json, sower: Sower) -> tuple[Json, Json, Json]:
    """As arguments of a client: one with everything, one with what it needs, and one that is not what it should be."""
    seeds = sower.seeds
    if "application/json" in content:
        schema = content["application/json"]["schema"]
        whole, least = sower.value(schema), sower.value(schema, least=True)
        return {"json": whole}, {"json": least}, {"json": sower.wrong(whole)}
    if "multipart/form-data" in content:
        file = (f"{seeds.name()}.csv", f"{seeds.text()},{seeds.phone()}".encode(), "text/csv")
        other = (f"{seeds.name()}.txt", f"{seeds.text()} {seeds.token()}".encode(), "text/plain")
        wrong = (seeds.address(), seeds.text().encode(), "text/x")
        return {"files": {"file": file}}, {"files": {"file": other}}, {"files": {seeds.token(): wrong}}
    if "application/x-www-form-urlencoded" in content:
        schema = content["application/x-www-form-urlencoded"]["schema"]
        return {"data": sower.value(schema)}, {"data": sower.value(schema, least=True)}, {"data": {seeds.token(): "x"}}
    if content:
        said = {"content": seeds.text().encode()}
        return said, said, {"content": b"\x00" + seeds.token().encode()}
    return {}, {}, {}
