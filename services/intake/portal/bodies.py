"""Forms as they arrive, and as the documents describe them."""

import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.datastructures import UploadFile

from services.intake.attachments.multipart import MOST_FILES, chosen_files
from services.intake.portal.session import keyed
from services.intake.portal.words import FIELDS
from shared.domain import Origin
from shared.http import Caller
from shared.uploads.multipart import form_of

KEY = "The form's own, so that sending it twice has no further effect"


@dataclass(frozen=True)
class Sent:
    """`origin` is made of the form's key and of all that was written in it."""

    values: Mapping[str, str]
    files: list[UploadFile]
    origin: Origin


@asynccontextmanager
async def sent(request: Request, caller: Caller) -> AsyncIterator[Sent]:
    """For as long as the block lasts. Raises Invalid for what is no form."""
    async with form_of(request, MOST_FILES) as form:
        values = {name: value for name, value in form.multi_items() if isinstance(value, str)}
        files = chosen_files(form)
        written = json.dumps([request.url.path, sorted(values.items())])
        digest = hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        yield Sent(values, files, keyed(caller, values.get("key", ""), digest))


def body(*fields: str, required: tuple[str, ...] = (), files: bool = False) -> dict[str, Any]:
    """For the contract: what `sent` reads."""
    known: dict[str, Any] = {
        name: {"type": "string", "maxLength": 20_000, "description": FIELDS[name].en} for name in fields
    }
    known["key"] = {"type": "string", "pattern": "^[0-9a-f]{32}$", "description": KEY}
    if files:
        one = {"type": "string", "contentMediaType": "application/octet-stream"}
        known["files"] = {"type": "array", "items": one, "maxItems": MOST_FILES, "description": "Files"}
    schema = {"type": "object", "properties": known, "required": list(required)}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}
