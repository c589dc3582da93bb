"""Tracebacks of Python: the exception comes last, and all before it is told from it by its indentation, or without."""

import re
from dataclasses import dataclass, field

from shared.stack_traces import frames
from shared.stack_traces.trace import LONGEST_MESSAGE, MOST_FRAMES, Trace

BEGIN = "Traceback (most recent call last)"
MOST_LINES = 2_000  # of one that does not end
NAME = re.compile(r"\A[A-Za-z_][\w.]{0,200}\Z")
ERROR = re.compile(
    r"(?:Error|Exception|Warning|Interrupt|Exit|Iteration|Fault|Failure|Timeout|NotFound|[a-z]error|\.error|\.timeout|Group)\Z"
)


@dataclass
class Traceback:
    """`read` says whether a line belongs to it; `trace` is there when it has ended with an exception."""

    indentation: int
    seen: str
    frames: list[str] = field(default_factory=list)
    trace: Trace | None = None
    is_indented: bool = False
    lines: int = 0
    _after_frame: bool = False

    def read(self, line: str) -> bool:
        self.lines += 1
        if found := frames.PYTHON.match(line):
            self.is_indented = self.is_indented or indentation(line) > self.indentation
            if len(self.frames) < MOST_FRAMES:
                self.frames.append(frames.python(found[1], found[2] or "?"))
            self._after_frame = True
            return True
        bare = line.strip()
        if not bare:
            return True
        if self.lines > MOST_LINES or bare.startswith(BEGIN):
            return False
        if indentation(line) > self.indentation and (self.is_indented or not self.frames):
            return True
        kind, _, message = bare.partition(":")
        after_frame, self._after_frame = self._after_frame, False
        if not NAME.match(kind) or (not self.is_indented and after_frame and not ERROR.search(kind)):
            return not self.is_indented and after_frame  # a line of the program
        if not self.frames:
            return False
        self.trace = Trace("python", kind, message.strip()[:LONGEST_MESSAGE], self.frames[::-1], seen=self.seen)
        return True


def indentation(line: str) -> int:
    return len(line) - len(line.lstrip())
