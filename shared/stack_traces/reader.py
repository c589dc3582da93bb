"""Reads a log line by line, in a time that is linear in the text: each pattern is tried on one bounded line."""

import re

from shared.stack_traces import codes, frames, heads, prefixes
from shared.stack_traces.trace import LONGEST_MESSAGE, LONGEST_NAME, Trace
from shared.stack_traces.tracebacks import BEGIN, Traceback, indentation

LIMIT = 256 * 1024  # characters
MOST_TRACES = 50  # of one text
HEAD_DISTANCE = 10  # lines between an exception's name and its first frame: a message may have several
MOST_OUTER = 20
INNER_ENDS = ("--- End of inner exception", "--- 内部异常堆栈跟踪的结尾")
GO_HEAD = re.compile(r"\A(panic|fatal error): (.{0,1000})|\bhttp: (panic) serving [^ ]{1,80}: (.{0,900})")
RUST_HEAD = re.compile(
    r"\bthread '[^']{0,80}' (?:\(\d{1,12}\) )?panicked at (?:'(.{0,800})', )?"
    r"([^\s:,']{1,200}\.rs):\d{1,9}(?::\d{1,9})?:?"
)
# Of a stack without a head, as Firefox and Safari write it, or people cut it out.
HEADLESS = {"javascript": "Error", "java": "Exception", "kotlin": "Exception"}
NO_HEAD = ("java.lang.Thread.State", "at ", "- ")
# A line that may begin a trace or be of one; all others are passed over while there is none.
SUSPECT = re.compile(
    r"Exception|Error|Throwable|Failure|Fault|Traceback|panic|fatal error|Warning|Interrupt|NotFound"
    r"|(?:^|[\s>|\]])(?:at|在) \S|@|#\d|\.rb:|\.erb:|stack backtrace"
)


def find(text: str) -> list[Trace]:
    """The errors in this text, in the order of their first frames."""
    reader = Reader()
    reader.feed(text[:LIMIT])
    reader.end()
    return reader.found[:MOST_TRACES]


class Reader:
    """Reads a log piece by piece, each of whole lines: `found` are its errors so far. `at` is what they are told of the
    line that is read."""

    def __init__(self) -> None:
        self.found: list[Trace] = []
        self.at = ""
        self.begun = 0  # errors that lines have named so far, whether frames follow or not
        self._current: Trace | None = None
        self._outer: list[Trace] = []  # .NET prints the inner exception's frames before those of the outer
        self._since = 0  # lines since the head, or since the last frame
        self._python: Traceback | None = None
        self._code: Trace | None = None  # that stands in the line of the head
        self._before = ""  # the line before

    def feed(self, text: str) -> None:
        for line in text.splitlines():
            self.read(line)

    def read(self, line: str) -> None:
        for one in prefixes.lines_of(line):
            self._read(one)

    def end(self) -> None:
        """There is no more text."""
        self._drop()

    def take(self) -> list[Trace]:
        """Those that have ended; they are not among `found` any more."""
        ended = [trace for trace in self.found if trace is not self._current]
        self.found = [trace for trace in self.found if trace is self._current]
        return ended

    def drop_repeats(self) -> None:
        """Of errors that have ended keep each once, so that what comes often leaves room for the rest of a long log."""
        known: dict[str, Trace] = {}
        for trace in self.found[:-1]:
            known.setdefault(trace.fingerprint, trace)
        self.found = [*known.values(), *self.found[-1:]][-10 * MOST_TRACES :]

    @property
    def is_inside(self) -> bool:
        """Of a trace: the last line belonged to one."""
        return self._python is not None or (
            self._current is not None and bool(self._current.frames) and not self._since
        )

    def _read(self, raw: str) -> None:
        if self._python is None and self._current is None and not SUSPECT.search(raw):
            if code := codes.code_of(raw):
                self._keep(code)
            self._before = raw
            return
        line = prefixes.without(raw)
        if self._python is not None and self._read_python(line):
            return
        bare = line.strip()
        if not bare:
            return
        if not self._read_frame(line, bare):
            self._since += 1
            if self._since > HEAD_DISTANCE:
                self._drop()
            self._read_head(line, bare)
        self._before = line

    # ---- heads

    def _read_head(self, line: str, bare: str) -> None:
        if BEGIN in bare:
            self._drop()
            self._python = Traceback(indentation(line) if bare.startswith(BEGIN) else 0, self.at)
        elif found := GO_HEAD.search(bare):
            self._begin(Trace("go", found[1] or found[3], (found[2] or found[4])[:LONGEST_MESSAGE]))
        elif found := RUST_HEAD.search(bare):
            self._begin(Trace("rust", "panic", (found[1] or "")[:LONGEST_MESSAGE]))
            self._add(f"{frames.library(found[2])}{frames.base(found[2])}")
        elif self._current and self._current.language == "rust" and not self._current.message and self._since == 1:
            self._current.message = bare[:LONGEST_MESSAGE]
        elif bare.lower().startswith("stack backtrace") and self._current and not self._current.frames:
            self._current.language = "rust"
        else:
            self._read_exception(bare)

    def _read_exception(self, bare: str) -> None:
        outer, arrow, inner = bare.partition("---> ")
        found = [head for part in (outer, inner) if part and (head := heads.head(part))]
        code = codes.code_of(bare)
        if not found:
            if code and not self.is_inside:
                self._keep(code)
            return
        if arrow and self._current and not outer.strip():
            self._outer = [*self._outer, self._current][-MOST_OUTER:]  # its frames come after those of the inner one
        elif not arrow:
            self._outer.clear()
        self._begin(found[0])
        if len(found) == 2:
            self._outer.append(found[0])
            self._begin(found[1])
        if code:
            code.seen = self.at
        self._code = code
        self._add_place(bare)

    def _add_place(self, bare: str) -> None:
        """PHP says in its head where it was thrown."""
        if self._current and (found := frames.PHP_PLACE.search(bare)):
            self._current.language = "php"
            self._current.message = self._current.message.partition(f" in {found[1]}")[0]
            self._add(f"{frames.library(found[1])}{frames.base(found[1])}")

    def _begin(self, trace: Trace) -> None:
        if self._current not in self._outer:
            self._drop()
        trace.seen, self.begun = self.at, self.begun + 1
        self._current, self._since, self._code = trace, 0, None

    def _drop(self) -> None:
        """What has no frames was no trace; what it says may be an error nevertheless."""
        if self._current and not self._current.frames and self._code:
            self._keep(self._code)
        self._current, self._code = None, None

    # ---- frames

    def _read_frame(self, line: str, bare: str) -> bool:
        language = self._current.language if self._current else ""
        if bare.startswith(INNER_ENDS):
            self._current = self._outer.pop() if self._outer else None
            return True
        if at := frames.AT.match(line):
            return language == "rust" or self._read_at(line[at.end() :].strip(), language)
        if language == "go":
            return bool((name := frames.go(line)) and self._add(name))
        if bare[0] == "#" and (name := frames.php(bare)):
            return self._add_of("php", name)
        if ":in " in bare or ".rb:" in bare:
            return self._read_ruby(bare)
        if language == "rust" and (name := frames.rust(bare)):
            return self._add(name)
        if "@" in bare and language in ("", "javascript") and (name := frames.firefox(bare)):
            if self._current is None:
                self._begin(Trace("javascript", HEADLESS["javascript"], ""))
            return self._add_of("javascript", name)
        return False

    def _read_at(self, frame: str, language: str) -> bool:
        if found := frames.jvm(frame):
            if language in ("java", "kotlin"):
                return self._add(found[1])
            return self._add_of(*found)
        if name := frames.script(frame):
            return self._add_of("javascript", name)
        name = frames.dotnet(frame)
        return bool(name and self._add_of("dotnet", name))

    def _read_ruby(self, bare: str) -> bool:
        found = frames.ruby(bare)
        if not found:
            return False
        name, said = found
        message, bracket, kind = said.rpartition(" (")
        if bracket and kind.endswith(")") and kind[:1].isupper():
            self._begin(Trace("ruby", kind[:-1], message[:LONGEST_MESSAGE]))
        return self._add_of("ruby", name)

    def _add_of(self, language: str, name: str) -> bool:
        """A frame of this language. What no line called an exception is one if frames follow; of a list of threads
        there are none."""
        if self._current is None:
            before = prefixes.without(self._before).strip()
            if before.startswith(NO_HEAD):
                return False
            if head := heads.qualified(before):
                self._begin(head)
            elif language in ("java", "kotlin"):
                self._begin(Trace("", HEADLESS[language], ""))
        if self._current is None or self._current.language not in ("", language):
            return False
        self._current.language = language
        return self._add(name)

    def _add(self, name: str) -> bool:
        if self._current is None:
            return False
        if not self._current.frames:
            self.found.append(self._current)  # only now: most lines that name an error are followed by no frame
        self._current.add(name[:LONGEST_NAME])
        self._since = 0
        return True

    def _read_python(self, line: str) -> bool:
        assert self._python is not None
        belongs = self._python.read(line)
        if self._python.trace:
            self.found.append(self._python.trace)
        if self._python.trace or not belongs:
            self._python = None
        return belongs

    def _keep(self, code: Trace) -> None:
        code.seen = code.seen or self.at
        self.begun += 1
        self.found.append(code)
