"""Every compiled pattern of the product."""

import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

PACKAGES = ("services", "shared", "deploy")


def modules() -> Iterator[ModuleType]:
    for package in PACKAGES:
        root = importlib.import_module(package)
        yield root
        for found in pkgutil.walk_packages(root.__path__, f"{package}."):
            if not found.name.endswith("__main__"):
                yield importlib.import_module(found.name)


def every_pattern() -> dict[str, re.Pattern[str]]:
    """By the names under which they are reached: module globals, also inside of tuples, dicts, classes and objects."""
    found: dict[re.Pattern[str], str] = {}
    for module in modules():
        seen: set[int] = set()
        for name, value in vars(module).items():
            for path, pattern in _inside(value, f"{module.__name__}.{name}", seen):
                found.setdefault(pattern, path)
    return {path: pattern for pattern, path in found.items() if isinstance(pattern.pattern, str)}


def _inside(value: Any, path: str, seen: set[int]) -> Iterator[tuple[str, re.Pattern[str]]]:
    if isinstance(value, re.Pattern):
        yield path, value
        return
    if id(value) in seen or isinstance(value, str | bytes | int | float | ModuleType):
        return
    seen.add(id(value))
    parts: Mapping[Any, Any] = {}
    if isinstance(value, dict):
        parts = {**value, **{("key", key): key for key in value}}
    elif isinstance(value, list | tuple | set | frozenset):
        parts = dict(enumerate(value))
    elif type(value).__module__.split(".")[0] in PACKAGES:
        parts = getattr(value, "__dict__", {})
    elif isinstance(value, type) and value.__module__.split(".")[0] in PACKAGES:
        parts = vars(value)
    for name, part in parts.items():
        yield from _inside(part, f"{path}.{name}", seen)
