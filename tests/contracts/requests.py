"""One valid request to each operation of a service, made from its OpenAPI document."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI

Json = dict[str, Any]
METHODS = ("get", "put", "post", "delete", "patch")
FORMATS = {"date-time": "2026-03-02T04:00:00Z", "date": "2026-03-02", "email": "a@b.example", "uri": "urn:x"}


@dataclass(frozen=True)
class Operation:
    """`path` has its parameters in braces, `body` is one that it takes."""

    service: str
    method: str
    path: str
    parameters: tuple[str, ...]
    body: Any = None
    is_upload: bool = False

    @property
    def name(self) -> str:
        return f"{self.service} {self.method.upper()} {self.path}"

    @property
    def is_about_a_ticket(self) -> bool:
        return "ticket" in self.parameters

    def at(self, values: Mapping[str, str]) -> str:
        path = self.path
        for name in self.parameters:
            path = path.replace("{" + name + "}", values[name])
        return path


def operations(service: str, app: FastAPI) -> Iterator[Operation]:
    document = app.openapi()
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method not in methods:
                continue
            operation = methods[method]
            names = tuple(one["name"] for one in operation.get("parameters", []) if one["in"] == "path")
            content = operation.get("requestBody", {}).get("content", {})
            body = content.get("application/json", {}).get("schema")
            least = sample(body, document) if body else None
            yield Operation(
                service,
                method,
                path,
                names,
                least or one_field(body, document) if method == "patch" else least,
                "multipart/form-data" in content,
            )


def one_field(schema: Json, document: Json) -> Json:
    """What changes something: where all fields may be left out, the first of them."""
    name, field = next(iter(resolved(schema, document)["properties"].items()))
    return {name: sample(field, document)}


def resolved(schema: Json, document: Json) -> Json:
    node: Any = document
    for part in schema.get("$ref", "#").removeprefix("#").split("/")[1:]:
        node = node[part]
    return schema if node is document else node


def sample(schema: Json, document: Json) -> Any:
    """The least that this schema takes: required fields alone."""
    if "$ref" in schema:
        return sample(resolved(schema, document), document)
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return sample(schema[choice][0], document)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "object":
        required = {name: sample(schema["properties"][name], document) for name in schema.get("required", [])}
        if not required and schema.get("minProperties"):
            return {"error_text": sample(schema["additionalProperties"], document)}
        return required
    if kind == "array":
        return [sample(schema["items"], document)] * schema.get("minItems", 0)
    if kind in ("integer", "number"):
        return schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
    if kind == "boolean":
        return True
    if "format" in schema and schema["format"] in FORMATS:
        return FORMATS[schema["format"]]
    if "pattern" in schema and "|" in schema["pattern"]:
        return schema["pattern"].strip("^$()").split("|")[0]
    if schema.get("pattern", "").startswith("^\\+?[0-9]"):
        return "+86 138 0013 8000"
    return (schema.get("examples") or ["x" * max(1, schema.get("minLength", 1))])[0]
