"""What was released stays as it is: no event breaks, and only a release adds to them."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from deploy.contracts import __main__ as command
from deploy.contracts import files
from deploy.contracts.files import read
from deploy.contracts.released import Released, breaks, present
from deploy.contracts.wiring import Json, Service, services

STALE = "{} is not what the code says: run `make contracts` and commit the result"


@pytest.fixture(scope="module")
async def wired() -> list[Service]:
    return await services()


def test_no_released_event_is_broken() -> None:
    released = read("events.released.json")
    assert released
    assert breaks(released, present()) == []


Change = Callable[[Released], object]
DATA = ("ticket.opened", "1")


def opened(events: Released) -> Json:
    return events[DATA[0]][DATA[1]]


def moved(events: Released) -> Json:
    return events["ticket.stage_changed"]["1"]


INCOMPATIBLE: dict[str, tuple[Change, str]] = {
    "an event is removed": (lambda events: events.pop("sla.met"), "sla.met.v1 is gone"),
    "a version is removed": (
        lambda events: events.update({"sla.met": {"2": events["sla.met"]["1"]}}),
        "sla.met.v1 is gone",
    ),
    "a field is removed": (
        lambda events: opened(events)["properties"].pop("company"),
        "ticket.opened.v1.company is gone",
    ),
    "a field inside a part is removed": (
        lambda events: opened(events)["$defs"]["Contact"]["properties"].pop("phone"),
        "ticket.opened.v1.contact.phone is gone",
    ),
    "a new field is required": (
        lambda events: (
            opened(events)["properties"].update(mood={"type": "string"}),
            opened(events)["required"].append("mood"),
        ),
        "ticket.opened.v1.mood is required, which it was not",
    ),
    "a field becomes required": (
        lambda events: opened(events)["required"].append("company"),
        "ticket.opened.v1.company is required, which it was not",
    ),
    "a type changes": (
        lambda events: opened(events)["properties"].update(customer={"type": "integer"}),
        "ticket.opened.v1.customer has another type: 'string' was released, it is 'integer' now",
    ),
    "a format changes": (
        lambda events: events["sla.breached"]["1"]["properties"].update(due_at={"type": "string"}),
        "sla.breached.v1.due_at has another format: 'date-time' was released, it is None now",
    ),
    "the items of a list change": (
        lambda events: opened(events)["properties"]["missing"].update(items={"type": "integer"}),
        "ticket.opened.v1.missing[] has another type: 'string' was released, it is 'integer' now",
    ),
    "the values of a map change": (
        lambda events: events["ticket.questions_answered"]["1"]["properties"]["answers"].update(
            additionalProperties={"type": "integer"}
        ),
        "ticket.questions_answered.v1.answers[] has another type: 'string' was released, it is 'integer' now",
    ),
    "a field may no longer be empty": (
        lambda events: opened(events)["$defs"]["Problem"]["properties"].update(users_affected={"type": "integer"}),
        "ticket.opened.v1.problem.users_affected is of another type",
    ),
    "an enum is narrowed": (
        lambda events: moved(events)["$defs"]["Status"]["enum"].remove("pending"),
        "ticket.stage_changed.v1.status may no longer be 'pending'",
    ),
    "an open set is closed": (
        lambda events: opened(events)["$defs"]["Channel"].update(enum=["online"]),
        "ticket.opened.v1.channel is of another type",
    ),
    "a bound is set": (
        lambda events: opened(events)["properties"]["customer"].update(maxLength=9),
        "ticket.opened.v1.customer has another maxLength: None was released, it is 9 now",
    ),
}
COMPATIBLE: dict[str, Change] = {
    "nothing": lambda events: None,
    "an event is added": lambda events: events.update({"ticket.praised": {"1": {"type": "object"}}}),
    "a version is added": lambda events: events["sla.met"].update({"2": {"type": "object"}}),
    "a field with a default is added": lambda events: opened(events)["properties"].update(mood={"type": "string"}),
    "a field inside a part is added": lambda events: opened(events)["$defs"]["Contact"]["properties"].update(
        title={"type": "string"}
    ),
    "an enum is widened": lambda events: moved(events)["$defs"]["Status"]["enum"].append("paused"),
    "an enum becomes an open set": lambda events: moved(events)["$defs"]["Status"].pop("enum"),
    "a part gets another name": lambda events: (
        opened(events)["$defs"].update(Person=opened(events)["$defs"].pop("Contact")),
        opened(events)["properties"]["contact"].update({"$ref": "#/$defs/Person"}),
    ),
}


@pytest.mark.parametrize("name", INCOMPATIBLE)
def test_an_incompatible_change_is_told(name: str) -> None:
    change, sentence = INCOMPATIBLE[name]
    changed = copy.deepcopy(present())
    change(changed)
    assert sentence in breaks(present(), changed)


@pytest.mark.parametrize("name", COMPATIBLE)
def test_a_compatible_change_is_none_to_tell(name: str) -> None:
    changed = copy.deepcopy(present())
    COMPATIBLE[name](changed)
    assert breaks(present(), changed) == []


@pytest.fixture
def docs(tmp_path: Any, monkeypatch: pytest.MonkeyPatch, wired: list[Service]) -> Any:
    """The command writes elsewhere, from services that are wired already."""

    def run(coroutine: Any) -> list[Service]:
        coroutine.close()
        return wired

    monkeypatch.setattr(files, "DOCS", tmp_path)
    monkeypatch.setattr(command, "ROUTES", tmp_path / "routes.yaml")
    monkeypatch.setattr("deploy.contracts.__main__.asyncio.run", run)
    return tmp_path


def test_a_release_adds_what_is_new_and_a_plain_run_does_not(docs: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = copy.deepcopy(present())
    del earlier["sla.met"], opened(earlier)["properties"]["company"]
    files.write("events.released.json", earlier)
    monkeypatch.setattr("sys.argv", ["contracts"])
    assert command.main() == 0
    assert read("events.released.json") == earlier
    monkeypatch.setattr("sys.argv", ["contracts", "--release"])
    assert command.main() == 0
    assert read("events.released.json") == present()
    assert sorted(file.name for file in docs.iterdir()) == [
        "asyncapi.json",
        "events.released.json",
        "openapi.json",
        "routes.yaml",
    ]


@pytest.mark.parametrize("arguments", [[], ["--release"]])
def test_a_break_is_refused_and_nothing_is_written(
    docs: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    earlier = copy.deepcopy(present())
    opened(earlier)["properties"]["shoe_size"] = {"type": "integer"}
    files.write("events.released.json", earlier)
    before = (docs / "events.released.json").read_text(encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["contracts", *arguments])
    assert command.main() == 1
    assert "incompatible: ticket.opened.v1.shoe_size is gone" in capsys.readouterr().err
    assert [file.name for file in docs.iterdir()] == ["events.released.json"]
    assert json.loads(before) == read("events.released.json")
