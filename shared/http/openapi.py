"""What every operation answers when it does not do what was asked, in OpenAPI: a status that is not documented is a
fault. What a route answers when it does, and links' pages in HTML, the route says itself."""

from typing import Any

from fastapi import FastAPI

from shared.http.problems import PROBLEM

Json = dict[str, Any]
METHODS = ("get", "put", "post", "delete", "patch")
DETAILS, FIELD_ERROR = "ProblemDetails", "FieldError"
PROBLEM_DETAILS: Json = {
    "type": "object",
    "description": "A problem (RFC 9457), in the language of the request",
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "`urn:bihuan:problem:` and the code"},
        "code": {
            "type": "string",
            "description": "Identifies the problem for programs: it is stable, while title and detail may be reworded. "
            "New codes may come; the status says how to go on.",
            "examples": ["not-found", "wrong-state", "stale"],
        },
        "title": {"type": "string", "description": "What kind of problem it is"},
        "status": {"type": "integer", "description": "The HTTP status once more"},
        "detail": {"type": "string", "description": "What is wrong with this request"},
        "instance": {"type": "string", "format": "uri", "description": "`urn:bihuan:request:` and the request's id"},
        "errors": {
            "type": "array",
            "description": "The invalid fields of the request",
            "items": {"$ref": f"#/components/schemas/{FIELD_ERROR}"},
        },
    },
    "required": ["type", "code", "title", "status", "detail", "instance"],
}
FIELD_ERROR_SCHEMA: Json = {
    "type": "object",
    "description": "What is wrong with a field of the request",
    "properties": {
        "field": {"type": "string", "description": "Where it is", "examples": ["body.title", "query.limit"]},
        "message": {"type": "string", "description": "What is wrong with it"},
    },
    "required": ["field", "message"],
}
RETRY_AFTER: Json = {"Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer"}}}
OF_FASTAPI = ("HTTPValidationError", "ValidationError")

PROBLEMS = {
    400: "The address or the body is malformed",
    401: "The token is missing, expired, or not an access token for this API",
    403: "Permission denied",
    404: "It does not exist, or is not visible to the caller",
    408: "The body did not arrive in time",
    409: "Not allowed in the current state",
    412: "`If-Match` names another version than the current one",
    413: "The body, or what it would result in, is too large",
    422: "A parameter or field is invalid or not recognized",
    429: "Too many requests from this address, caller or company",
    503: "A backend server is not responding at the moment",
}
ALWAYS = {422, 429, 503}
WITH_PARAMETERS = {400, 404}
WITH_BODY = {400, 404, 408, 413}
SIGNED_IN = {401, 403}
WRITING = {409, 413}


def document_problems(app: FastAPI) -> None:
    """Let the app's OpenAPI document say so. Call it once all routes are there."""
    made = app.openapi

    def openapi() -> Json:
        if app.openapi_schema is None:
            _complete(made())
        assert app.openapi_schema
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(document: Json) -> None:
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in OF_FASTAPI:
        schemas.pop(name, None)
    schemas |= {DETAILS: PROBLEM_DETAILS, FIELD_ERROR: FIELD_ERROR_SCHEMA}
    components["responses"] = {_name(status): _answer(status) for status in PROBLEMS}
    for path, operations in document["paths"].items():
        for method in METHODS:
            if method in operations:
                for parameter in operations[method].get("parameters", []):
                    if parameter["in"] == "path":
                        parameter.setdefault("description", _described(parameter["name"]))
                operations[method]["responses"] = _responses(path, method, operations[method])


def _described(name: str) -> str:
    """Of a part of the path: a route describes its own unless it is an id."""
    return f"The {name}'s {'number' if name == 'ticket' else 'ID'}"


def _responses(path: str, method: str, operation: Json) -> Json:
    signed_in = any(parameter["name"] == "authorization" for parameter in operation.get("parameters", []))
    known = set(ALWAYS)
    for applies, more in (
        ("requestBody" in operation, WITH_BODY),
        ("{" in path, WITH_PARAMETERS),
        (signed_in, SIGNED_IN),
        (method != "get", WRITING),
        (signed_in and method != "get", {412}),
    ):
        known |= more if applies else set()
    answers: Json = {str(status): {"$ref": f"#/components/responses/{_name(status)}"} for status in known}
    for status, own in operation["responses"].items():
        if "HTTPValidationError" in str(own):
            continue
        if int(status) in PROBLEMS:  # a page of a link, or a problem
            own["content"] = own.get("content", {}) | _answer(int(status))["content"]
        answers[status] = own
    return dict(sorted(answers.items()))


def _name(status: int) -> str:
    return f"Problem{status}"


def _answer(status: int) -> Json:
    content = {PROBLEM: {"schema": {"$ref": f"#/components/schemas/{DETAILS}"}}}
    answer: Json = {"description": PROBLEMS[status], "content": content}
    return answer | ({"headers": RETRY_AFTER} if status in (429, 503) else {})
