"""Folders in zip files, read without ever unpacking more than is allowed, whatever the archive says of itself."""

import io
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

from shared.domain import Invalid

MOST_ENTRIES = 5_000
MOST_FILES = 2_000  # that are read
FILE_BYTES = 200_000  # of one text
ALL_BYTES = 50_000_000  # unpacked, of all texts together, and of all files that they name
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same content is the same archive


def texts_in(packed: bytes, endings: tuple[str, ...]) -> Iterator[tuple[str, str | None]]:
    """The path of each file with such an ending and its text, in order of their paths; None where it is too long or
    not UTF-8. Raises Invalid for what is no zip file, is encrypted or holds more than is read at once."""
    with _opened(packed) as archive:
        wanted = {one.filename: one for one in archive.infolist() if _is_wanted(one, endings)}
        if len(wanted) > MOST_FILES:
            raise _too_much()
        for path, content in _contents(archive, wanted, FILE_BYTES):
            yield path, _decoded(content) if len(content) <= FILE_BYTES else None


def paths_in(packed: bytes) -> set[str]:
    """Of all files in it. Raises Invalid as `texts_in`."""
    with _opened(packed) as archive:
        return {one.filename for one in archive.infolist() if not one.is_dir()}


def files_in(packed: bytes, paths: Collection[str], most_bytes: int) -> dict[str, bytes]:
    """The content of these, of each one byte more than `most_bytes` at most. Raises Invalid as `texts_in`."""
    with _opened(packed) as archive:
        return dict(_contents(archive, {path: archive.getinfo(path) for path in paths}, most_bytes))


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip file with these paths."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(zipfile.ZipInfo(path, EPOCH), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


@contextmanager
def _opened(packed: bytes) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            if len(archive.infolist()) > MOST_ENTRIES:
                raise _too_much()
            yield archive
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise Invalid(f"The zip file cannot be read ({type(error).__name__})", "无法读取 ZIP 文件", "body") from None


def _contents(
    archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo], most_bytes: int
) -> Iterator[tuple[str, bytes]]:
    """In order of their paths."""
    left = ALL_BYTES
    for path, entry in sorted(entries.items()):
        with archive.open(entry) as file:
            content = file.read(min(most_bytes, left) + 1)  # what it says of its length is not believed
        left -= len(content)
        if left < 0:
            raise _too_much()
        yield path, content


def _is_wanted(entry: zipfile.ZipInfo, endings: tuple[str, ...]) -> bool:
    parts = entry.filename.split("/")
    is_hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
    return not entry.is_dir() and not is_hidden and entry.filename.lower().endswith(endings)


def _decoded(content: bytes) -> str | None:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _too_much() -> Invalid:
    return Invalid(
        f"At most {MOST_FILES} texts, and {ALL_BYTES // 1_000_000} MB of texts and of files that they name, at once",
        f"每次最多 {MOST_FILES} 个文本文件，文本与其引用的文件解压后各不超过 {ALL_BYTES // 1_000_000} MB",
        "body",
    )
