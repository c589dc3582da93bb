"""What stands before a line of a trace: quotes of mails, names of containers, times, levels, loggers."""

import re
from collections.abc import Iterator

LONGEST_LINE = 1000  # characters
LONGEST_ESCAPED = 64 * 1024  # of a line that has the lines of a trace in it
MOST_PREFIXES = 6

COLOUR = re.compile(r"\x1b\[[0-9;]{0,20}[A-Za-z]")
# A trace inside of a JSON string.
ESCAPED = re.compile(
    r"\\n(?:\\t|[ \t|]){0,12}(?:at |在 |File |Traceback|Caused by|from |#\d|goroutine |\d{1,3}: |---"
    r"|\S{1,200}(?:\.rb:|@))"
)
QUOTE = re.compile(r'(?<!\\)"')
BREAK = re.compile(r"(?:\\r)?\\n")

PREFIXES = (
    re.compile(r"\s{0,40}+(?:(?:(?:[>|│] ?)|&gt; ?){1,20}+|\+ (?=Exception Group))"),
    re.compile(r"[\w.\-]{1,80}+\s{1,40}+\| ?"),
    re.compile(
        r"\[?\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[ T]?\d{1,2}:\d\d:\d\d(?:[.,]\d{1,9})?"
        r"(?:Z| ?[+-]\d\d:?\d\d| UTC)?\]?:? ?"
    ),
    re.compile(r"\[?\d{1,2}[-/][A-Z][a-z]{2}[-/]\d{4}[ :]\d\d:\d\d:\d\d(?: [\w/+\-]{1,40}+)?\]? ?"),
    re.compile(
        r"[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d [\w.\-]{1,80}+ [\w./\-]{1,80}+(?:\[\d{1,9}\])?: ?"
        r"|\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\s{1,8}+\d{1,9}+\s{1,8}+\d{1,9}+ [VDIWEFA] [^:\s]{1,60}+\s{0,20}+: ?"
        r"|[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{1,9}+\s{1,8}+\d{1,9}+ [\w.\-]{1,80}+:\d{1,6}\] ?"
    ),
    re.compile(r"[VDIWEFA]/[^(:\s]{1,60}+\s{0,20}+(?:\(\s{0,8}+\d{1,9}\))?: ?"),
    re.compile(r"\d\d:\d\d:\d\d(?:[.,]\d{1,9})? ?|std(?:out|err) [FP] ?"),
    re.compile(r"\[(?!internal function|native code)[^\]\[]{1,80}+\]:? ?"),
    re.compile(
        r"(?:ERROR|FATAL|SEVERE|CRITICAL|CRIT|ALERT|EMERG|WARNING|WARN|INFO|DEBUG|TRACE|NOTICE|错误|严重|警告|信息)"
        r"(?![\w.$])\s?(?::[\w.]{1,80}+:|[:\-|])? ?"
    ),
)


def lines_of(line: str) -> Iterator[str]:
    """The lines that are written in this one, where line breaks are escaped; else the beginning of the line itself."""
    if "\\n" in line and ESCAPED.search(line[:LONGEST_ESCAPED]):
        for number, piece in enumerate(BREAK.split(line[:LONGEST_ESCAPED])):
            quotes = [found.start() for found in QUOTE.finditer(piece)]  # where the string begins, and where it ends
            piece = (piece[: quotes[0]] if number else piece[quotes[-1] + 1 :]) if quotes else piece
            yield piece.replace("\\t", "\t").replace('\\"', '"').replace("\\\\", "\\")[:LONGEST_LINE]
    else:
        yield line[:LONGEST_LINE]


def without(line: str) -> str:
    """The line without what stands before it; its indentation is kept."""
    if "\x1b" in line:
        line = COLOUR.sub("", line)
    at = 0
    for _ in range(MOST_PREFIXES):
        found = next((end for one in PREFIXES if (end := one.match(line, at))), None)
        if not found:
            break
        at = found.end()
    return line[at:]
