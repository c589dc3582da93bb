"""Archives tell what is in them, and nothing of it is unpacked."""

import io
import struct
import tarfile
import zipfile

import pytest

from services.intake.attachments.listing import (
    DIRECTORY_BYTES,
    END_BYTES,
    MOST_ENTRIES,
    Listing,
    NoArchive,
    TarReader,
    directory_of,
    zip_entries,
)


def zipped(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def tarred(names: list[str], kind: int = tarfile.PAX_FORMAT) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=kind) as archive:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size = 1000
            archive.addfile(info, io.BytesIO(b"x" * 1000))
    return made.getvalue()


def listed(content: bytes) -> Listing:
    start, length, count = directory_of(content[-END_BYTES:], len(content))
    return zip_entries(content[start : start + min(length, DIRECTORY_BYTES)], count)


def read(content: bytes, piece: int = 700) -> Listing:
    reader = TarReader()
    for at in range(0, len(content), piece):
        reader.feed(content[at : at + piece])
    return reader.listing


def test_a_zip_archive_tells_names_sizes_and_what_is_nested() -> None:
    found = listed(zipped(**{"日志/app.log": b"x" * 5000, "inner.zip": b"PK", "../../etc/passwd": b"", "空/": b""}))
    assert [(one.path, one.size, one.nested, one.escapes, one.folder) for one in found.entries] == [
        ("日志/app.log", 5000, False, False, False),
        ("inner.zip", 2, True, False, False),
        ("../../etc/passwd", 0, False, True, False),
        ("空/", 0, False, False, True),
    ]
    assert found.entries[0].packed is not None
    assert found.entries[0].packed < 100
    assert found.complete


def test_an_encrypted_zip_archive_says_so() -> None:
    content = bytearray(zipped(**{"a.log": b"secret"}))
    at = content.rfind(b"PK\x01\x02")
    content[at + 8] |= 1
    assert [one.encrypted for one in listed(bytes(content)).entries] == [True]


def test_names_in_chinas_own_encoding_are_read() -> None:
    content = zipped(**{"xxxx.log": b"1"}).replace(b"xxxx", "日志".encode("gbk"))
    assert [one.path for one in listed(content).entries] == ["日志.log"]


def test_of_many_entries_the_first_are_told() -> None:
    found = listed(zipped(**{f"{n}.log": b"" for n in range(MOST_ENTRIES + 5)}))
    assert (len(found.entries), found.complete) == (MOST_ENTRIES, False)


def test_a_directory_that_lies_about_its_number_is_not_complete() -> None:
    content = bytearray(zipped(**{"a.log": b"1"}))
    struct.pack_into("<H", content, content.rfind(b"PK\x05\x06") + 10, 9)
    assert not listed(bytes(content)).complete


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06", b"PK\x05\x06" + b"\xff" * 18, b"x" * 100])
def test_what_is_no_zip_archive_is_refused(content: bytes) -> None:
    with pytest.raises(NoArchive):
        directory_of(content, len(content))


@pytest.mark.parametrize("kind", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@pytest.mark.parametrize("piece", [1, 511, 700, 100_000])
def test_a_tar_archive_tells_the_same_however_it_comes(kind: int, piece: int) -> None:
    names = ["logs/app.log", "a/" * 60 + "deep.log", "inner.tar.gz", "/etc/passwd"]
    found = read(tarred(names, kind), piece)
    assert [one.path for one in found.entries] == names
    assert [(one.size, one.packed) for one in found.entries] == [(1000, None)] * 4
    assert [one.nested for one in found.entries] == [False, False, True, False]
    assert [one.escapes for one in found.entries] == [False, False, False, True]


@pytest.mark.parametrize("kind", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_and_chinese_names_of_a_tar_archive_are_whole(kind: int) -> None:
    names = ["日志.log", "很" * 90 + ".log"]
    assert [one.path for one in read(tarred(names, kind)).entries] == names


def test_what_is_no_tar_archive_is_refused() -> None:
    with pytest.raises(NoArchive):
        read(b"x" * 2000)
