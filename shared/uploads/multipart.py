"""Reads forms with files (multipart/form-data, RFC 7578)."""

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

from fastapi import Request
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from shared.domain import Invalid
from shared.uploads.file_names import file_name, has_file_name

FIELD = "file"
CHUNK = 255 * 1024  # bytes
MAX_FIELDS = 20  # besides; they mean nothing to us
# For the contract: what `uploaded` reads.
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [FIELD],
                    "properties": {FIELD: {"type": "string", "contentMediaType": "application/octet-stream"}},
                }
            }
        },
    }
}


@asynccontextmanager
async def uploaded(request: Request) -> AsyncIterator[tuple[UploadFile, str]]:
    """The file and its clean name, for as long as the block lasts. Raises Invalid unless there is exactly one."""
    async with form_of(request, max_files=1) as form:
        file = form.get(FIELD)
        if not isinstance(file, UploadFile):
            raise Invalid(f"`{FIELD}` is required", f"`{FIELD}` 为必填项", f"body.{FIELD}")
        yield file, name_of(file)


@asynccontextmanager
async def form_of(request: Request, max_files: int) -> AsyncIterator[FormData]:
    """A form with files, for as long as the block lasts. Raises Invalid for what is none, and for more than that."""
    kind, parameters = parse_options_header(request.headers.get("content-type", "")[:500])
    boundary = parameters.get(b"boundary", b"").decode("latin-1")
    if kind != b"multipart/form-data" or not boundary or '"' in boundary or "\\" in boundary:
        raise Invalid("The file must be sent as multipart/form-data", "请以 multipart/form-data 格式上传文件")
    # Without the charset that some name: it has no meaning here, and Python would decode with anything that it knows.
    headers = Headers({"content-type": f'multipart/form-data; boundary="{boundary}"'})
    async with aclosing(request.stream()) as stream:
        try:
            form = await _Parser(headers, stream, max_files=max_files, max_fields=MAX_FIELDS).parse()
        except MultiPartException as error:
            raise Invalid(
                f"The upload could not be parsed: {error.message}", "无法解析上传内容，每次请上传一个文件"
            ) from error
    try:
        yield form
    finally:
        await form.close()


async def chunks_of(file: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await file.read(CHUNK):
        yield chunk


def type_of(file: UploadFile) -> str:
    return (file.content_type or "application/octet-stream")[:100]


def name_of(file: UploadFile) -> str:
    return file_name(file.headers.get("content-disposition", ""))


class _Parser(MultiPartParser):
    """Also takes a part for a file when its name is only written as `filename*`, as .NET and some others do."""

    def on_headers_finished(self) -> None:
        header = (self._current_part.content_disposition or b"").decode("latin-1")
        if has_file_name(header):
            name, options = parse_options_header(header)
            field = options.get(b"name", b"")
            self._current_part.content_disposition = b'%s; name="%s"; filename="file"' % (name, field)
        super().on_headers_finished()
