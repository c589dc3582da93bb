"""What is written from the code: the documents in docs/, and the gateway's routes."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).parents[2]
DOCS = CHECKOUT / "docs"
ROUTES = CHECKOUT / "deploy" / "gateway" / "routes.yaml"


def text_of(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def read(name: str) -> Any:
    file = DOCS / name
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def write(name: str, document: Mapping[str, Any]) -> None:
    write_text(DOCS / name, text_of(document))


def write_text(file: Path, text: str) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    print(f"{file.parent.name}/{file.name}")
