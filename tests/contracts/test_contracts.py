"""The documents say what the code does, and a released event is never broken."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from deploy.contracts import gateway
from deploy.contracts.asyncapi import asyncapi
from deploy.contracts.files import ROUTES, read, text_of
from deploy.contracts.openapi import openapi
from deploy.contracts.questions import QUESTIONS, Question
from deploy.contracts.released import present
from deploy.contracts.wiring import Json, Service, services
from shared.bus import Bus
from shared.events import EVENTS, Contact, Problem, TicketOpened, as_dict
from shared.terms import Channel
from shared.testing import NOON

OF_STANDARD = {"/oauth2/token": {"application/json"}}  # whose errors another standard describes (RFC 6749, 5.2)
SIGNED_OTHERWISE = ("/links/", "/channels/", "/portal", "/oauth2/")  # by the link, the platform, an API key
STALE = "{} is not what the code says: run `make contracts` and commit the result"


@pytest.fixture(scope="module")
async def wired() -> list[Service]:
    return await services()


@pytest.fixture(scope="module")
def events(wired: list[Service]) -> Json:
    return asyncapi(wired)


@pytest.fixture(scope="module")
def routes(wired: list[Service]) -> Json:
    return openapi(wired)


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str):
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for one in node:
            yield from references(one)


def resolve(document: Json, reference: str) -> Any:
    node: Any = document
    for part in reference.removeprefix("#/").split("/"):
        node = node[part]
    return node


# ---- the documents ------------------------------------------------------------------------------


def test_the_events_are_documented_as_they_are(events: Json) -> None:
    assert text_of(read("asyncapi.json")) == text_of(events), STALE.format("docs/asyncapi.json")


def test_the_routes_are_documented_as_they_are(routes: Json) -> None:
    assert text_of(read("openapi.json")) == text_of(routes), STALE.format("docs/openapi.json")


def test_the_gateway_has_the_routes_that_there_are(wired: list[Service]) -> None:
    assert ROUTES.read_text("utf-8") == gateway.routes(wired), STALE.format("routes.yaml")


def test_every_reference_leads_somewhere(events: Json, routes: Json) -> None:
    for document in (events, routes, *(schema for versions in present().values() for schema in versions.values())):
        for reference in references(document):
            assert resolve(document, reference), reference


def test_every_event_has_a_channel_a_maker_and_is_received_by_who_listens(wired: list[Service], events: Json) -> None:
    operations = events["operations"]
    for event in EVENTS:
        subject = f"{event.kind}.v{event.schema_version}"
        id = subject.replace(".", "_")
        assert events["channels"][id]["address"] == f"bihuan.{subject}"
        assert events["components"]["schemas"][event.__name__]["$id"] == event.dataschema()
        makers = [name for name in operations if name.endswith(f"_send_{id}")]
        receivers = {name.split("_")[0] for name in operations if name.endswith(f"_receive_{id}")}
        assert len(makers) == 1
        assert receivers == {service.name for service in wired if event in service.listens_to}


def test_an_operation_belongs_to_its_channel(events: Json) -> None:
    for name, operation in events["operations"].items():
        channel = resolve(events, operation["channel"]["$ref"])
        allowed = {f"{operation['channel']['$ref']}/messages/{message}" for message in channel["messages"]}
        assert {message["$ref"] for message in operation["messages"]} <= allowed, name


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
async def test_a_question_is_asked_where_it_is_answered(events: Json, question: Question) -> None:
    bus = Bus("nats://127.0.0.1:4222", question.answered_by)

    async def answer(_: Any) -> Any: ...

    bus.answers(question.name, question.request, answer)
    heard = " ".join(str(vars(subscriber)) for subscriber in bus.link.broker.subscribers)
    name = question.name.replace(".", "_")
    channel = events["channels"][name]
    assert f"'{channel['address']}'" in heard
    [to_all] = re.findall(r"`(\S+)`", channel["description"])
    assert f"'{to_all}'" in heard
    operations = events["operations"]
    for service in question.asked_by:
        assert (
            operations[f"{question.answered_by}_receive_{name}"]["reply"]
            == operations[f"{service}_send_{name}"]["reply"]
        )


OPENED = TicketOpened(
    subject="T-1",
    time=NOON,
    problem=Problem(title="报表打不开", description="Error 500"),
    customer="C-1",
    contact=Contact(name="王敏"),
    channel=Channel.ONLINE,
    taken_by="u-1",
)


def test_an_event_on_the_wire_is_valid_by_its_document_and_a_wrong_one_is_not(events: Json) -> None:
    schema = {"$ref": "#/components/messages/TicketOpened/payload", "components": events["components"]}
    validator = jsonschema.Draft202012Validator(schema)
    envelope = as_dict(OPENED)
    validator.validate(envelope)
    wrongs: list[Json] = [{"type": "bihuan.ticket.linked.v1"}, {"data": {}}, {"specversion": "0.3"}]
    for wrong in wrongs:
        assert not validator.is_valid(envelope | wrong)
    assert not validator.is_valid({**envelope, "data": {**envelope["data"], "channel": 7}})


def test_every_answer_is_documented_with_what_it_holds(routes: Json) -> None:
    """A status that a route can answer with is in the document, so one that is not there is a fault."""
    for path, operations in routes["paths"].items():
        for method, operation in operations.items():
            answers = {
                status: resolve(routes, answer["$ref"]) if "$ref" in answer else answer
                for status, answer in operation["responses"].items()
            }
            shown = {status: answer for status, answer in answers.items() if status[0] != "3"}
            assert all(answer["content"] for answer in shown.values()), path
            for status, answer in shown.items():
                kinds = {"application/problem+json", "text/html"} | OF_STANDARD.get(path, set())
                assert status < "300" or kinds & answer["content"].keys(), path
            assert ({"401", "403"} <= answers.keys()) == (operation.get("security") != []), path
            assert ("413" in answers) == (method != "get"), path
            assert "404" in answers or "{" not in path, path
            assert "408" in answers or "requestBody" not in operation, path
            assert not [status for status in answers if status >= "500" and status != "503"], path


def test_what_is_no_json_is_documented_as_what_it_is(routes: Json) -> None:
    paths = routes["paths"]
    file = paths["/v1/tickets/{ticket}/attachments/{attachment}"]["get"]["responses"]["200"]
    assert list(file["content"]) == ["application/octet-stream"]
    for method in ("get", "post"):
        answers = paths["/links/{token}"][method]["responses"]
        assert list(answers["200"]["content"]) == ["text/html"]
        assert set(answers["404"]["content"]) == {"text/html", "application/problem+json"}
    opened = paths["/v1/tickets"]["post"]["responses"]
    assert opened["200"]["content"] == opened["201"]["content"]


def test_every_schema_is_one(events: Json, routes: Json) -> None:
    for document in (events, routes):
        for schema in document["components"]["schemas"].values():
            jsonschema.Draft202012Validator.check_schema(schema)


def test_routes_stand_as_the_gateway_shows_them(wired: list[Service], routes: Json) -> None:
    owners = {path: one.name for one in wired for path in one.openapi["paths"]}
    assert routes["components"]["securitySchemes"]["token"]["bearerFormat"] == "JWT"
    assert routes["security"] == [{"token": []}]
    identifiers = []
    services_of_tags = defaultdict(set)
    for path, operations in routes["paths"].items():
        for operation in operations.values():
            identifiers.append(operation["operationId"])
            [tag] = operation["tags"]
            services_of_tags[tag].add(owners[path])
            assert path.startswith(("/v1/", *SIGNED_OTHERWISE))
            assert ("security" in operation) == path.startswith(SIGNED_OTHERWISE)
            assert operation.get("security") in (None, [], [{"session": []}] if path.startswith("/portal") else [])
            assert {"422", "429", "503"} <= operation["responses"].keys()
            assert "authorization" not in [parameter["name"] for parameter in operation.get("parameters", [])]
    assert len(set(identifiers)) == len(identifiers)
    assert all(len(found) == 1 for found in services_of_tags.values()), services_of_tags
    assert sorted(tag["name"] for tag in routes["tags"]) == sorted(services_of_tags)


def test_a_write_shows_its_idempotency_key_and_if_match(routes: Json) -> None:
    operation = routes["paths"]["/v1/tickets/{ticket}"]["patch"]
    headers = {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "header"}
    assert headers == {"Idempotency-Key", "If-Match"}


def service_with(name: str, **schemas: Json) -> Service:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{next(iter(schemas))}"}}}
    operation = {"operationId": f"read_{name}", "tags": [name], "responses": {"200": {"content": content}}}
    return Service(
        name, {"paths": {f"/v1/{name}": {"get": operation}}, "components": {"schemas": schemas}}, frozenset()
    )


def test_a_schema_is_renamed_only_where_two_services_mean_different_things() -> None:
    text, number, same = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}
    document = openapi([service_with("kb", State=text, Same=same), service_with("sla", State=number, Same=same)])
    schemas = document["components"]["schemas"]
    assert set(schemas) == {"KbState", "SlaState", "Same"}
    answer = document["paths"]["/v1/sla"]["get"]["responses"]["200"]
    assert list(references(answer)) == ["#/components/schemas/SlaState"]
