"""The gateway's routes are those of the services' documents."""

import json
from typing import Any

import pytest

from deploy.contracts.gateway import routes
from deploy.contracts.wiring import Json, Service

JSON: Json = {"responses": {"200": {"content": {"application/json": {}}}}}
UPLOAD: Json = {**JSON, "requestBody": {"content": {"multipart/form-data": {}}}}
DOWNLOAD: Json = {"responses": {"200": {"content": {"application/octet-stream": {}}}}}
STREAM: Json = {"responses": {"200": {"content": {"text/event-stream": {}}}}}


def service(name: str, *paths: str, slashed: str = "", **operations: Json) -> Service:
    document = {"paths": {path: operations or {"get": JSON} for path in paths}}
    return Service(name, document, frozenset(), frozenset([slashed]))


def made(*services: Service) -> list[Any]:
    lines = routes(list(services)).splitlines()
    return [json.loads(line.removeprefix("- ")) for line in lines if line.startswith("- ")]


def test_a_path_is_one_route_to_its_service() -> None:
    hidden, *found = made(service("kb", "/v1/articles/{article}"), service("sla", "/v1/tickets/{ticket}/clocks"))
    assert hidden["direct_response"] == {"status": 400}
    assert [(one["match"]["safe_regex"]["regex"], one["route"]["cluster"]) for one in found] == [
        ("/v1/articles/[^/]+", "kb"),
        ("/v1/tickets/[^/]+/clocks", "sla"),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/v1/clocks", "/v1/clocks"),
        ("/v1/tickets/{ticket}", "/v1/tickets/{number}"),
        ("/v1/tickets/{ticket}/work", "/v1/tickets/recent/{what}"),
    ],
)
def test_a_path_that_two_services_claim_is_an_error(one: str, other: str) -> None:
    with pytest.raises(ValueError, match="whose is a request"):
        made(service("triage", one), service("sla", other))
    made(service("sla", one, other))


def test_uploads_downloads_and_the_stream_have_limits_of_their_own() -> None:
    _, plain = made(service("kb", "/v1/x"))
    assert plain["route"]["timeout"] == "30s"
    assert plain["route"]["max_stream_duration"] == {"max_stream_duration": "${EXCHANGE_SECONDS}s"}
    _, upload = made(service("kb", "/v1/x", get=JSON, post=UPLOAD))
    assert upload["route"] == {"cluster": "kb", "timeout": "300s"}
    [buffer] = upload["typed_per_filter_config"].values()
    assert buffer["buffer"] == {"max_request_bytes": 25 * 1024 * 1024}
    _, download = made(service("kb", "/v1/x", get=DOWNLOAD))
    assert download["route"] == {"cluster": "kb", "timeout": "300s"}
    _, stream = made(service("kb", "/v1/x", get=STREAM))
    assert stream["route"] == {"cluster": "kb", "timeout": "0s", "idle_timeout": "0s"}
    [buffer] = stream["typed_per_filter_config"].values()
    assert buffer["disabled"] is True


def test_only_what_may_have_slashes_is_matched_before_hidden_ones_are_refused() -> None:
    people = service("triage", "/v1/engineers", "/v1/engineers/{engineer}", slashed="/v1/engineers/{engineer}")
    first, hidden, last = made(people)
    assert first["match"]["safe_regex"]["regex"] == "/v1/engineers/[^/]+"
    assert "direct_response" in hidden
    assert last["match"]["safe_regex"]["regex"] == "/v1/engineers"
