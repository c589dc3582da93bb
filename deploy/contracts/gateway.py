"""The gateway's routes: one for each path that a service shows, to that service. What is not here is not reachable."""

import json
import re
from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from deploy.contracts.wiring import Json, Service

HEAD = "# Written by `python -m deploy.contracts` from the services' OpenAPI documents, and filled into envoy.yaml.\n"
PARAMETER = re.compile(r"{\w+}")
UPLOAD_BYTES = 25 * 1024 * 1024
HIDDEN_SLASH = "(?i).*%(2f|5c).*"  # would be another address behind the gateway
FILES = {"application/octet-stream", "text/csv"}  # which may take long
BUFFER = "envoy.filters.http.buffer"
TOKENS = "/oauth2/token"
# Of one address, whoever it says that it is: secrets are not to be tried out, and nobody needs that many tokens.
TOKEN_LIMIT: Json = {
    "@type": "type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit",
    "stat_prefix": "tokens",
    "max_dynamic_descriptors": 20000,
    "rate_limits": [{"actions": [{"masked_remote_address": {"v4_prefix_mask_len": 32, "v6_prefix_mask_len": 64}}]}],
    "descriptors": [
        {
            "entries": [{"key": "masked_remote_address"}],
            "token_bucket": {"max_tokens": 40, "tokens_per_fill": 10, "fill_interval": "1s"},
        }
    ],
    "token_bucket": {"max_tokens": 40, "tokens_per_fill": 10, "fill_interval": "1s"},
    "always_consume_default_token_bucket": False,
    "filter_enabled": {"default_value": {"numerator": 100}},
    "filter_enforced": {"default_value": {"numerator": 100}},
    "response_headers_to_add": [{"header": {"key": "retry-after", "value": "1"}}],
}
PER_ROUTE: Json = {"@type": "type.googleapis.com/envoy.extensions.filters.http.buffer.v3.BufferPerRoute"}


class Shown(NamedTuple):
    """A path; `operations` are those of OpenAPI."""

    service: str
    path: str
    operations: Json
    may_have_slashes: bool

    @property
    def segments(self) -> list[str]:
        return PARAMETER.sub("{}", self.path).split("/")


def routes(services: list[Service]) -> str:
    """Envoy's, as YAML with a route on a line. Raises ValueError if a path could be of two services."""
    shown = [
        Shown(service.name, path, operations, path in service.slashed)
        for service in services
        for path, operations in service.openapi["paths"].items()
    ]
    for one, other in combinations(shown, 2):
        if one.service != other.service and _overlap(one, other):
            raise ValueError(f"{one.service} has {one.path}, {other.service} has {other.path}: whose is a request?")
    shown.sort(key=lambda one: (not one.may_have_slashes, one.path))
    refused = [{"match": {"safe_regex": {"regex": HIDDEN_SLASH}}, "direct_response": {"status": 400}}]
    found = [_route(one) for one in shown if one.may_have_slashes] + refused
    found += [_route(one) for one in shown if not one.may_have_slashes]
    return HEAD + "".join(f"- {json.dumps(route)}\n" for route in found)


def _overlap(one: Shown, other: Shown) -> bool:
    pairs = list(zip(one.segments, other.segments, strict=False))
    return len(one.segments) == len(other.segments) and all(a == b or "{}" in (a, b) for a, b in pairs)


def _route(one: Shown) -> Json:
    action: Json = {"cluster": one.service, "timeout": "30s"}
    more: Json = {}
    sent, received = set(_media_types(one, "requestBody")), set(_media_types(one, "responses"))
    if "text/event-stream" in received:
        action |= {"timeout": "0s", "idle_timeout": "0s"}
        more = {"typed_per_filter_config": {BUFFER: {**PER_ROUTE, "disabled": True}}}
    elif "multipart/form-data" in sent:
        action |= {"timeout": "300s"}
        more = {"typed_per_filter_config": {BUFFER: {**PER_ROUTE, "buffer": {"max_request_bytes": UPLOAD_BYTES}}}}
    elif received & FILES:
        action |= {"timeout": "300s"}
    else:
        action |= {"max_stream_duration": {"max_stream_duration": "${EXCHANGE_SECONDS}s"}}
    if one.path == TOKENS:
        more = {"typed_per_filter_config": {"address_limit": TOKEN_LIMIT}}
    match = {"safe_regex": {"regex": PARAMETER.sub("[^/]+", one.path)}}
    return {"match": match, "decorator": {"operation": one.path, "propagate": False}, "route": action, **more}


def _media_types(one: Shown, of: str) -> Iterator[str]:
    for operation in one.operations.values():
        found = operation.get(of, {})
        for body in [found] if of == "requestBody" else found.values():
            yield from body.get("content", {})
