"""Finds stack traces in free text (Java, Python, .NET, JavaScript, Go) and gives each a fingerprint (P3.2).

The fingerprint leaves out what moves between releases: line numbers, addresses, numbered lambdas, hashes in file names.
Every pattern is tried on one bounded line and cannot backtrack far, so the time is linear in the text.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

LIMIT = 256 * 1024
LINE_LIMIT = 1000
MAX_TRACES = 50
MAX_FRAMES = 200
HEAD_DISTANCE = 10  # lines between an exception's name and its first frame: a message may have several
FINGERPRINT_FRAMES = 5

TYPE = re.compile(r"\A(?:[A-Za-z_$][\w$]*\.)*[A-Z][\w$]*\Z")
ERROR_NAME = re.compile(r"Exception|Error|Throwable|Failure|Fault")
CODE = re.compile(r"\[[A-Z_0-9]+\]:?")  # node: Error [ERR_ASSERTION]: …
AT = re.compile(r"\A\s*(?:at|在) (?=\S)")
JAVA_PLACE = re.compile(r"\(([\w$-]+\.(?:java|kt|scala|groovy)(?::\d+)?|Native Method|Unknown Source|<\w+>)\)")
PYTHON_FRAME = re.compile(r'\A\s*File "([^"]+)", line \d+(?:, in (.+))?$')
GO_NAME = re.compile(r"\A([\w./-]*+)[\w./()*\[\]-]*+")  # its package, and all that may be a receiver's type
INNER_ENDS = ("--- End of inner exception", "--- 内部异常堆栈跟踪的结尾")

RUNTIME = re.compile(
    r"(?:java|javax|jdk|sun|kotlin|org\.springframework|System|Microsoft)\.|node:|internal/|runtime\.|node_modules"
)
VOLATILE = re.compile(r"\$\$\w+|\$\d+|0x[0-9a-fA-F]+|\b[0-9a-f]{6,}\b|\d+")


@dataclass
class Trace:
    language: str
    type: str
    message: str
    frames: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        return f"{self.type}: {self.message}" if self.message else self.type

    @property
    def fingerprint(self) -> str:
        own = [frame for frame in self.frames if not RUNTIME.match(frame)] or self.frames
        steady = [VOLATILE.sub("", frame) for frame in own[:FINGERPRINT_FRAMES]]
        return hashlib.sha256("|".join([self.language, self.type, *steady]).encode()).hexdigest()[:16]


def find(text: str) -> list[Trace]:
    """The traces in this text, in the order of their first frames."""
    reader = Reader()
    reader.feed(text[:LIMIT])
    return reader.found


def fingerprints(traces: Iterable[Trace]) -> list[str]:
    """Each once, in their order."""
    return list(dict.fromkeys(trace.fingerprint for trace in traces))


class Reader:
    """Reads a log piece by piece, each of whole lines: `found` are its traces so far."""

    def __init__(self) -> None:
        self.found: list[Trace] = []
        self._current: Trace | None = None
        self._outer: list[Trace] = []  # .NET prints the inner exception's frames before those of the outer
        self._since_head = 0
        self._python: tuple[int, list[str]] | None = None  # indentation and frames of a traceback being read

    def feed(self, text: str) -> None:
        for line in text.splitlines():
            self._read(line[:LINE_LIMIT])

    def drop_repeats(self) -> None:
        """Of traces that have ended keep each once, so that what comes often leaves room for the rest of a long log."""
        known: dict[str, Trace] = {}
        for trace in self.found[:-1]:
            known.setdefault(trace.fingerprint, trace)
        self.found = [*known.values(), *self.found[-1:]]

    def _read(self, line: str) -> None:
        if self._python is not None and self._read_python(line):
            return
        bare = line.strip()
        if not bare:
            return
        if bare.startswith("Traceback (most recent call last)"):
            self._python = (_indentation(line), [])
        elif bare.startswith(INNER_ENDS):
            self._current = self._outer.pop() if self._outer else None
        elif AT.match(line):
            self._read_frame(AT.sub("", line, count=1).strip())
        elif self._current and self._current.language == "go" and (frame := _go_frame(line)):
            self._add_frame(frame)
        elif bare.startswith(("panic: ", "fatal error: ")):
            kind, _, message = bare.partition(": ")
            self._begin(Trace("go", kind, message))
        else:
            self._read_head(bare)

    def _read_python(self, line: str) -> bool:
        """True while the line belongs to the traceback; its last line names the exception."""
        assert self._python is not None
        indentation, frames = self._python
        if frame := PYTHON_FRAME.match(line):
            name = _file_of(frame[1])
            if len(frames) < MAX_FRAMES:
                frames.append(f"{name}:{(frame[2] or '?').strip()}")
            return True
        if not line.strip() or _indentation(line) > indentation:
            return True
        self._python = None
        kind, _, message = line.strip().partition(":")
        if not TYPE.match(kind.strip()):
            return False
        if frames:
            self._keep(Trace("python", kind.strip(), message.strip(), frames[::-1]))
        self._current = None
        return True

    def _read_frame(self, frame: str) -> None:
        if self._current is None or self._current.language in ("go", "python"):
            return
        if place := JAVA_PLACE.search(frame):
            language, name = "java", frame[: place.start()].rpartition("/")[2]
        elif script := _script_place(frame):
            caller, path = script
            file = _file_of(path.removeprefix("node:"))
            inside = "node:" if path.startswith("node:") else "node_modules:" if "node_modules" in path else ""
            language, name = "javascript", f"{inside}{file}:{caller}"
        elif "(" in frame:
            language, name = "dotnet", frame.partition("(")[0]
        else:
            return
        if self._current.language in ("", language):
            self._current.language = language
            self._add_frame(name)

    def _add_frame(self, name: str) -> None:
        if self._current is None or len(self._current.frames) == MAX_FRAMES:
            return
        if not self._current.frames:
            self._keep(self._current)
        self._current.frames.append(name[:300])

    def _keep(self, trace: Trace) -> None:
        """Only once it has a frame: most lines that name an error are followed by none."""
        if len(self.found) < MAX_TRACES:
            self.found.append(trace)

    def _read_head(self, line: str) -> None:
        outer, arrow, inner = line.partition("---> ")
        heads = [head for part in (outer, inner) if part and (head := _head(part))]
        if not heads:
            self._since_head += 1
            if self._since_head > HEAD_DISTANCE and self._current and not self._current.frames:
                self._current = None
            return
        if arrow and self._current and not outer.strip():
            self._outer.append(self._current)  # its frames come after those of the inner one
        elif not arrow:
            self._outer.clear()
        self._begin(heads[0])
        if len(heads) == 2:
            self._outer.append(heads[0])
            self._begin(heads[1])

    def _begin(self, trace: Trace) -> None:
        self._current, self._since_head = trace, 0


def _head(line: str) -> Trace | None:
    """An exception's name, and its message, somewhere in a line."""
    if not ERROR_NAME.search(line):
        return None
    words = line.split(" ")
    for at, word in enumerate(words):
        name = word.rstrip(":")
        if TYPE.match(name) and ERROR_NAME.search(name.rpartition(".")[2]):
            rest = words[at + 1 :]
            if rest and CODE.fullmatch(rest[0]):
                rest = rest[1:]
            return Trace("", name, " ".join(rest).strip()[:300])
    return None


def _script_place(frame: str) -> tuple[str, str] | None:
    """Caller and file of `caller (file:line:column)` or `file:line:column`."""
    rest, _, column = frame.rstrip(")").rpartition(":")
    rest, _, line = rest.rpartition(":")
    if not (rest and line.isdigit() and column.isdigit()):
        return None
    caller, _, path = rest.rpartition(" (")
    return caller.removeprefix("async ").removeprefix("new ") or "<anonymous>", path


def _go_frame(line: str) -> str | None:
    """`package.(*Type).Method` of `package.(*Type).Method(arguments)`: all up to the last bracket that may end it."""
    found = GO_NAME.match(line)
    if not found or not line.endswith(")"):
        return None
    end = found[0].rfind("(")
    dot = found[1].find(".", 1)
    return line[:end] if 0 < dot < end - 1 else None


def _file_of(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())
