"""Reads forms of pages, with files and without."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from services.intake.attachments.handlers import AttachmentHandlers
from services.intake.tickets.domain import Ticket
from shared.domain import Invalid, Origin, TooLarge
from shared.http.middleware import BODY_LIMIT
from shared.uploads.file_names import UNNAMED
from shared.uploads.multipart import MAX_FIELDS, chunks_of, form_of, name_of, type_of

FILES = "files"  # of pages
MOST_FILES = 5  # that a page takes at a time
URLENCODED = "application/x-www-form-urlencoded"


@asynccontextmanager
async def page_form(request: Request) -> AsyncIterator[FormData]:
    """A form of a page, for as long as the block lasts. Raises Invalid, TooLarge."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in ("", URLENCODED):
        async with form_of(request, MOST_FILES) as form:
            yield form
        return
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise TooLarge("The form is too large", "表单内容过大")
    try:
        fields = parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        raise Invalid("The form has too many fields", "表单字段过多") from None
    yield FormData([*fields])


def chosen_files(form: FormData) -> list[UploadFile]:
    """Without what browsers send for a field of files in which none was chosen."""
    sent = [one for one in form.getlist(FILES) if isinstance(one, UploadFile)]
    return [one for one in sent if one.size or name_of(one) != UNNAMED]


async def add_each(
    attachments: AttachmentHandlers,
    number: str,
    files: Sequence[UploadFile],
    by_staff: Callable[[Ticket], bool],
    by: Origin,
) -> None:
    """Each once, also when the form is sent again. Raises what `AttachmentHandlers.add` does."""
    for place, file in enumerate(files):
        of_file = replace(by, key=f"{by.key} file {place}" if by.key else "", digest="")
        await attachments.add(number, name_of(file), type_of(file), chunks_of(file), by_staff, of_file)
