"""The documents in docs/."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[2] / "docs"


def text_of(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def read(name: str) -> Any:
    file = DOCS / name
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def write(name: str, document: Mapping[str, Any]) -> None:
    DOCS.mkdir(exist_ok=True)
    (DOCS / name).write_text(text_of(document), encoding="utf-8")
    print(f"{DOCS.name}/{name}")
