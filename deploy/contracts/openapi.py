"""OpenAPI 3.1: every route of every service, as the gateway shows it."""

from collections.abc import Callable
from typing import Any

from deploy.contracts.wiring import SCHEMAS, VERSION, Json, Service, merge

WITHOUT_TOKEN = ("/links/", "/channels/", "/portal")  # signed otherwise
SESSION = "bihuan_session"  # the cookie of the customers' pages
METHODS = ("get", "put", "post", "delete", "patch")
HEADERS = {"idempotency-key": "Idempotency-Key", "if-match": "If-Match"}


def openapi(services: list[Service]) -> Json:
    paths: Json = {}
    schemas: Json = {}
    responses: Json = {}
    for service in services:
        name_of = _names(service, services)
        document = _renamed(service.openapi, name_of)
        merge(schemas, {name_of(name): s for name, s in document["components"]["schemas"].items()})
        merge(responses, document["components"].get("responses", {}))
        for path, operations in document["paths"].items():
            paths[path] = {
                method: _route(path, method, operations[method]) for method in METHODS if method in operations
            }
    found = [operation for operations in paths.values() for operation in operations.values()]
    ids = [operation["operationId"] for operation in found]
    if twice := sorted({id for id in ids if ids.count(id) > 1}):
        raise ValueError(f"two operations are called {', '.join(twice)}")
    return {
        "openapi": "3.1.0",
        "info": {"title": "Bihuan", "version": VERSION, "description": "Five services behind one gateway."},
        "servers": [{"url": "/"}],
        "tags": [{"name": name} for name in dict.fromkeys(operation["tags"][0] for operation in found)],
        "security": [{"token": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "responses": responses,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "session": {"type": "apiKey", "in": "cookie", "name": SESSION},
            },
        },
    }


def _route(path: str, method: str, operation: Json) -> Json:
    """The operation as seen from outside: a security scheme instead of the token's header or cookie, what only writes
    need left out."""
    parameters = []
    for parameter in operation.get("parameters", []):
        name = parameter["name"]
        if name in ("authorization", SESSION) or (name in HEADERS and method == "get"):
            continue
        parameters.append({**parameter, "name": HEADERS.get(name, name) if parameter["in"] == "header" else name})
    route = {key: value for key, value in operation.items() if key != "parameters"}
    if parameters:
        route["parameters"] = parameters
    if any(parameter["name"] == SESSION for parameter in operation.get("parameters", [])):
        route["security"] = [{"session": []}]
    elif path.startswith(WITHOUT_TOKEN):
        route["security"] = []
    return route


def _names(service: Service, services: list[Service]) -> Callable[[str], str]:
    """Schema names stay as they are unless two services mean different things by one."""
    own = service.openapi["components"]["schemas"]
    others = [other.openapi["components"]["schemas"] for other in services]
    clashing = {name for name in own for other in others if name in other and other[name] != own[name]}
    return lambda name: f"{service.name.capitalize()}{name}" if name in clashing else name


def _renamed(node: Any, name_of: Callable[[str], str]) -> Any:
    """References to the schemas by their names; without titles, which only say a schema's or a field's name again."""
    if isinstance(node, list):
        return [_renamed(one, name_of) for one in node]
    if not isinstance(node, dict):
        return node
    found: Json = {}
    for key, value in node.items():
        if key == "$ref" and value.startswith(SCHEMAS):
            found[key] = SCHEMAS + name_of(value.removeprefix(SCHEMAS))
        elif key in ("examples", "example", "default"):
            found[key] = value
        elif key != "title" or not isinstance(value, str):
            found[key] = _renamed(value, name_of)
    return found
