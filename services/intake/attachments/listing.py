"""What is in an archive, read from its directory; nothing is ever unpacked."""

import struct
from dataclasses import dataclass, field

from shared.uploads.content_types import ending_of
from shared.uploads.file_names import without_hidden

MOST_ENTRIES = 1_000
MAX_PATH = 500  # characters
NESTED = frozenset(["zip", "jar", "war", "tar", "gz", "gzip", "tgz", "7z", "rar", "bz2", "tbz2", "xz", "txz"])
END, DIRECTORY = b"PK\x05\x06", b"PK\x01\x02"
END_BYTES = 22 + 65_535  # that the end of a zip archive can have
DIRECTORY_BYTES = 1024 * 1024  # that are read of a directory
ENCRYPTED, UTF8 = 1, 1 << 11
BLOCK = 512  # of tar
MAX_LONG_NAME = 4096


@dataclass(frozen=True)
class Entry:
    """`size` in bytes, as the archive says; `packed` is what it takes there, None where it does not say. In a zip
    archive `at` is where its header begins, and `method` how it is packed."""

    path: str
    size: int
    packed: int | None = None
    folder: bool = False
    encrypted: bool = False
    at: int = 0
    method: int = 0

    @property
    def nested(self) -> bool:
        """An archive in the archive, by its name."""
        return not self.folder and ending_of(self.path) in NESTED

    @property
    def escapes(self) -> bool:
        """Unpacked by a careless program it would end up outside of the folder."""
        parts = self.path.replace("\\", "/").split("/")
        return parts[0] in ("", "~") or parts[0][1:2] == ":" or ".." in parts


@dataclass
class Listing:
    """`complete`: these are all."""

    entries: list[Entry] = field(default_factory=list)
    complete: bool = True

    def add(self, entry: Entry) -> None:
        if len(self.entries) < MOST_ENTRIES:
            self.entries.append(entry)
        else:
            self.complete = False


class NoArchive(Exception):
    """It is none, or it is damaged."""


def directory_of(end: bytes, size: int) -> tuple[int, int, int]:
    """Where the directory of a zip archive of this many bytes begins, how long it is, and how many entries it names.
    `end` is how the archive ends. Raises NoArchive."""
    at = end.rfind(END)
    if at < 0 or len(end) - at < 22:
        raise NoArchive
    count, length, start = struct.unpack_from("<HII", end, at + 10)
    if start + length > size:  # something stands before the archive, or it is one of more than 4 GB, and we take 20 MB
        raise NoArchive
    return start, length, count


def zip_entries(directory: bytes, count: int) -> Listing:
    """As much as there is of the directory."""
    listing, at = Listing(), 0
    while directory[at : at + 4] == DIRECTORY and len(directory) - at >= 46:
        flags, method, packed, size, name, extra, comment, header = struct.unpack_from("<8xHH8xIIHHH8xI", directory, at)
        begin = at + 46
        at = begin + name + extra + comment
        if at > len(directory):
            break
        raw, more = directory[begin : begin + name], directory[begin + name : begin + name + extra]
        if size == 0xFFFFFFFF:
            size = _large_size(more)
        path = _path(raw, bool(flags & UTF8))
        listing.add(Entry(path, size, packed, path.endswith("/"), bool(flags & ENCRYPTED), header, method))
        count -= 1
    listing.complete = listing.complete and count <= 0
    return listing


class TarReader:
    """Is fed an archive from its beginning on; what is in the files is passed over."""

    def __init__(self) -> None:
        self.listing = Listing()
        self.ended = False
        self._rest = bytearray()
        self._skip = 0
        self._long: tuple[bytes, int] | None = None  # a name that comes before its header: in which form, how long
        self._name = ""

    def feed(self, chunk: bytes) -> None:
        """Raises NoArchive."""
        passed = min(self._skip, len(chunk))
        self._skip -= passed
        self._rest += chunk[passed:]
        while not self.ended and not self._skip and len(self._rest) >= BLOCK:
            if self._long is not None:
                if not self._take_name(*self._long):
                    return
            else:
                self._take_header()
            passed = min(self._skip, len(self._rest))
            self._skip -= passed
            del self._rest[:passed]

    def _take_name(self, kind: bytes, length: int) -> bool:
        whole = -(-length // BLOCK) * BLOCK
        if len(self._rest) < whole:
            return False
        said = bytes(self._rest[:length])
        self._name = _path(said.rstrip(b"\0") if kind == b"L" else _pax_path(said), True) or self._name
        del self._rest[:whole]
        self._long = None
        return True

    def _take_header(self) -> None:
        header = bytes(self._rest[:BLOCK])
        del self._rest[:BLOCK]
        if not header.strip(b"\0"):
            self.ended = True
            return
        kind, size = header[156:157], _number(header[124:136])
        if kind in (b"L", b"x") and size <= MAX_LONG_NAME:
            self._long = (kind, size)
            return
        self._skip = -(-size // BLOCK) * BLOCK
        if kind in b"xgKL":  # said of others
            return
        prefix = header[345:500].split(b"\0")[0] if header[257:262] == b"ustar" else b""
        short = header[:100].split(b"\0")[0]
        path = self._name or _path(prefix + b"/" + short if prefix else short, True)
        self._name = ""
        self.listing.add(Entry(path, size if kind in b"\0" + b"07" else 0, None, kind == b"5" or path.endswith("/")))


def _pax_path(records: bytes) -> bytes:
    """`path` of `length key=value` lines; empty where there is none."""
    at = 0
    while at < len(records):
        length, _, _ = records[at : at + 10].partition(b" ")
        if not length.isdigit() or not int(length):
            break
        key, _, value = records[at + len(length) + 1 : at + int(length) - 1].partition(b"=")
        if key == b"path":
            return value
        at += int(length)
    return b""


def _number(text: bytes) -> int:
    """Octal, or binary with the first bit set. Raises NoArchive."""
    if text[0] & 0x80:
        return int.from_bytes(text[1:], "big") & (1 << 62) - 1
    try:
        return int(text.strip(b"\0 ") or b"0", 8)
    except ValueError:
        raise NoArchive from None


def _path(raw: bytes, is_utf8: bool) -> str:
    for encoding in ("utf-8",) if is_utf8 else ("utf-8", "gb18030", "cp437"):
        try:
            return without_hidden(raw.decode(encoding))[:MAX_PATH]
        except UnicodeDecodeError:
            continue
    return without_hidden(raw.decode("utf-8", "replace"))[:MAX_PATH]


def _large_size(extra: bytes) -> int:
    """Of a file of more than 4 GB (zip64)."""
    at = 0
    while len(extra) - at >= 4:
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == 1 and length >= 8 and len(extra) - at >= 12:
            return int.from_bytes(extra[at + 4 : at + 12], "little")
        at += 4 + length
    return 0xFFFFFFFF
