"""One error, and what of it stays the same from release to release."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

FINGERPRINT_FRAMES = 5
MOST_FRAMES = 200
LONGEST_NAME, LONGEST_MESSAGE = 300, 300  # characters
# Frames of what everybody uses: they say little about where the fault is.
RUNTIME = re.compile(
    r"(?:java|javax|jakarta|jdk|sun|com\.sun|kotlin|kotlinx|scala|android|androidx|dalvik|org\.springframework"
    r"|org\.apache\.(?:catalina|coyote|tomcat)|System|Microsoft|runtime|net/http|testing|rust_begin_unwind|core|std"
    r"|alloc|__rust\w{0,40})(?:\.|::|:|/|$)|node:|internal/|panic$|_COROUTINE\.|<(?:std|core|alloc)::"
    r"|(?:node_modules|site-packages|gems|vendor|\[internal function\]):"
)
VOLATILE = re.compile(r"\$\$\w+|\$\d+|0x[0-9a-fA-F]+|\b[0-9a-f]{6,}\b|\d+")


@dataclass
class Trace:
    """An exception with its frames, the innermost first; or a line with an error code, without language and frames.

    `seen` is whatever the reader was told about the line that it began on.
    """

    language: str
    type: str
    message: str
    frames: list[str] = field(default_factory=list)
    place: str = ""  # the path of a request whose HTTP status is an error
    seen: str = ""

    @property
    def title(self) -> str:
        return f"{self.type}: {self.message}" if self.message else self.type

    @property
    def own_frames(self) -> list[str]:
        """Those that are not of a runtime or a library; all of them where there are no others."""
        return [frame for frame in self.frames if not RUNTIME.match(frame)] or self.frames

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits."""
        steady = [VOLATILE.sub("", frame) for frame in self.own_frames[:FINGERPRINT_FRAMES]]
        return digest(self.language, self.type, *steady, *([VOLATILE.sub("", self.place)] if self.place else []))

    def add(self, frame: str) -> None:
        if len(self.frames) < MOST_FRAMES:
            self.frames.append(frame[:LONGEST_NAME])


def digest(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode(errors="replace")).hexdigest()[:16]


def fingerprints(traces: Iterable[Trace]) -> list[str]:
    """Each once, in their order."""
    return list(dict.fromkeys(trace.fingerprint for trace in traces))
