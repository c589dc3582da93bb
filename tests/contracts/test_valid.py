"""The documents are what their specifications say, as validators have it that others wrote."""

import copy
import warnings
from collections.abc import Callable
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import ValidationError

from deploy.contracts.files import read

with warnings.catch_warnings():
    warnings.simplefilter("ignore", UserWarning)  # its models have fields that are named like methods of pydantic's
    from asyncapi3.models import AsyncAPI3  # type: ignore[import-untyped]

Change = Callable[[Any], object]


def test_the_routes_are_valid_openapi() -> None:
    assert list(OpenAPIV31SpecValidator(read("openapi.json")).iter_errors()) == []


def test_the_events_are_valid_asyncapi() -> None:
    document = read("asyncapi.json")
    assert AsyncAPI3.model_validate(document).info.title == document["info"]["title"]


ROUTES: dict[str, Change] = {
    "a parameter that nothing declares": lambda found: found["paths"].update({"/v1/{x}": {"get": {"responses": {}}}}),
    "an operation twice": lambda found: found["paths"].update({"/v2": next(iter(found["paths"].values()))}),
    "a field that there is not": lambda found: found.update(chapters=[]),
}
EVENTS: dict[str, Change] = {
    "an operation without an action": lambda found: next(iter(found["operations"].values())).pop("action"),
    "a channel without messages' names": lambda found: next(iter(found["channels"].values())).update(messages=["x"]),
    "no title": lambda found: found["info"].pop("title"),
}


@pytest.mark.parametrize("name", ROUTES)
def test_what_is_wrong_with_routes_is_found(name: str) -> None:
    document = copy.deepcopy(read("openapi.json"))
    ROUTES[name](document)
    assert list(OpenAPIV31SpecValidator(document).iter_errors())


@pytest.mark.parametrize("name", EVENTS)
def test_what_is_wrong_with_events_is_found(name: str) -> None:
    document = copy.deepcopy(read("asyncapi.json"))
    EVENTS[name](document)
    with pytest.raises(ValidationError):
        AsyncAPI3.model_validate(document)
