"""What somebody may rely on: the released events, and what would break them."""

from collections.abc import Iterator
from typing import Any

from deploy.contracts.wiring import Json, without_envelope
from shared.events import EVENTS

Released = dict[str, dict[str, Json]]
ANNOTATIONS = {"title", "description", "default", "examples"}
# Told by no service any more, because nobody needed them.
WITHDRAWN: frozenset[str] = frozenset({"sla.clock_started", "sla.due_changed", "triage.queued"})
COMPARED = {"$defs", "properties", "required", "enum", "anyOf", "items", "additionalProperties"}


def present() -> Released:
    """The data of every event as it is now: kind, version, JSON schema."""
    found: Released = {}
    for event in EVENTS:
        schema = _bare(without_envelope(event.model_json_schema()))
        found.setdefault(event.kind, {})[str(event.schema_version)] = schema
    return dict(sorted(found.items()))


def _bare(schema: Any) -> Any:
    """Without what only people read."""
    if not isinstance(schema, dict):
        return schema
    kept = {key: value for key, value in schema.items() if key not in ANNOTATIONS}
    for key in ("properties", "$defs"):
        if key in kept:
            kept[key] = {name: _bare(one) for name, one in kept[key].items()}
    for key in ("items", "additionalProperties"):
        if key in kept:
            kept[key] = _bare(kept[key])
    if "anyOf" in kept:
        kept["anyOf"] = [_bare(one) for one in kept["anyOf"]]
    return kept


def breaks(released: Released, present: Released) -> list[str]:
    """What somebody who relies on the released events would miss or trip over."""
    found = []
    for kind, versions in released.items():
        for version, schema in versions.items():
            now = present.get(kind, {}).get(version)
            if now is None and kind in WITHDRAWN:
                continue
            if now is None:
                found.append(f"{kind}.v{version} is gone")
            else:
                found += _differences(schema, now, schema, now, f"{kind}.v{version}")
    return found


def _differences(old: Any, new: Any, old_root: Json, new_root: Json, place: str) -> Iterator[str]:
    old, new = _resolved(old, old_root), _resolved(new, new_root)
    if not isinstance(old, dict) or not isinstance(new, dict):
        if old != new:
            yield f"{place} is of another type"
        return
    for keyword in sorted((set(old) | set(new)) - COMPARED - ANNOTATIONS):
        if old.get(keyword) != new.get(keyword):
            yield f"{place} has another {keyword}: {old.get(keyword)!r} was released, it is {new.get(keyword)!r} now"
    if "enum" in new and "enum" not in old:
        yield f"{place} is of another type"
    # A set that has been opened names nothing any more, and may still be what it was.
    named: list[str] = old.get("enum", [])
    for value in sorted(set(named) - set(new.get("enum", named))):
        yield f"{place} may no longer be {value!r}"
    for name, field in old.get("properties", {}).items():
        if name not in new.get("properties", {}):
            yield f"{place}.{name} is gone"
        else:
            yield from _differences(field, new["properties"][name], old_root, new_root, f"{place}.{name}")
    for name in sorted(set(new.get("required", [])) - set(old.get("required", []))):
        yield f"{place}.{name} is required, which it was not"
    for keyword in ("items", "additionalProperties"):
        if (keyword in old) != (keyword in new):
            yield f"{place} is of another type"
        elif keyword in old:
            yield from _differences(old[keyword], new[keyword], old_root, new_root, f"{place}[]")
    choices, now = old.get("anyOf", []), new.get("anyOf", [])
    if len(choices) != len(now):
        yield f"{place} is of another type"
        return
    for before, after in zip(choices, now, strict=True):
        yield from _differences(before, after, old_root, new_root, place)


def _resolved(schema: Any, root: Json) -> Any:
    while isinstance(schema, dict) and "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    return schema
