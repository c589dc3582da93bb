"""The name and the message of an exception, wherever they stand in a line."""

import re

from shared.stack_traces.trace import LONGEST_MESSAGE, Trace

NAME = re.compile(r"(?<![A-Za-z0-9_$.\\])[A-Za-z_$][A-Za-z0-9_$.\\]*+(?:::[A-Za-z0-9_$]++)*+(?:`\d)?")
ERROR_NAME = re.compile(r"Exception|Error|Throwable|Failure|Fault|Panic|Warning|Interrupt|NotFound")
SEPARATOR = re.compile(r"[.\\]|::")
QUALIFIED = re.compile(
    r"\A(?:(?:Caused by|Suppressed|Wrapped by): )?((?:[A-Za-z_$][\w$]{0,80}\.){1,12}[A-Z][\w$]{0,80})(?=: |$)"
)
LINKED = ("Caused by: ", "Suppressed: ", "Wrapped by: ")  # in each language that the JVM speaks
CODE = re.compile(r"\s?\[[A-Z_0-9]{1,60}\]")  # node: Error [ERR_ASSERTION]: …
COLONS = (":", "：")
SUFFIXES = ("Exception", "Error", "Throwable")
WITH_MESSAGE = re.compile(r"(?:exception )?'([\w\\.]{1,200})' with message '(.{0,300})")
GENERAL = ("Exception", "Error", "Failure", "Fault")
RUBY = re.compile(r"\A([A-Z]\w{0,80}(?:::[A-Z]\w{0,80}){0,8}) \((.{1,300})\):?\Z")


def head(line: str) -> Trace | None:
    """A name with its package is one wherever it stands, another only where its message or nothing follows."""
    if line.startswith(LINKED):
        return qualified(line) or _any(line.partition(": ")[2])
    return _any(line)


def _any(line: str) -> Trace | None:
    if not ERROR_NAME.search(line):
        return None
    if found := WITH_MESSAGE.search(line):
        return Trace("", _plain(found[1]), found[2][:LONGEST_MESSAGE])
    if (found := RUBY.match(line)) and ERROR_NAME.search(found[1]):
        return Trace("", found[1], found[2])
    simple: tuple[str, int] | None = None
    for found in NAME.finditer(line):
        name = found[0].rstrip(".")
        last = SEPARATOR.split(name)[-1]
        code = CODE.match(line, found.end())
        end = code.end() if code else found.end()
        ends = line[end : end + 1] in COLONS or line.startswith("(code: ", end) or not line[end:].strip()
        if not ERROR_NAME.search(last):
            continue
        if last != name and (ends or last.endswith(SUFFIXES)) and (ends or line[end : end + 1] != "("):
            return _trace(name, line, end)
        if ends and (simple is None or (simple[0] in GENERAL and found.start() <= simple[1] + 2)):
            simple = name, end
    return _trace(simple[0], line, simple[1]) if simple else None


def qualified(line: str) -> Trace | None:
    """A line that begins like `com.acme.OrderRejected: …`: an exception if frames follow."""
    found = QUALIFIED.match(line)
    return _trace(found[1], line, found.end()) if found else None


def _trace(name: str, line: str, end: int) -> Trace:
    return Trace("", _plain(name), line[end:].lstrip(" :：").rstrip()[:LONGEST_MESSAGE])


def _plain(name: str) -> str:
    return name.replace("\\\\", "\\").strip("\\")
