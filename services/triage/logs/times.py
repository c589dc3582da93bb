"""When a line of a log was written, as the log says it: without a zone where it names none."""

import re

HEAD = 120  # characters of a line in which its time is looked for
NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS = {name: f"{n:02d}" for n, name in enumerate(NAMES, 1)}
CLOCK = r"([01]?\d|2[0-3]):([0-5]\d):([0-5]\d)"
NUMBERS = re.compile(rf"(?<!\d)((?:19|20)\d\d)[-/.年](\d{{1,2}})[-/.月](\d{{1,2}})日?[T ]?{CLOCK}")
DAY_FIRST = re.compile(rf"(?<!\d)(\d{{1,2}})[-/ ]([A-Z][a-z]{{2}})[-/ ]((?:19|20)\d\d)[: ]{CLOCK}")
YEAR_LAST = re.compile(
    rf"(?<![A-Za-z])([A-Z][a-z]{{2}}) {{1,2}}(\d{{1,2}}) {CLOCK}(?:\.\d{{1,9}})? ((?:19|20)\d\d)(?!\d)"
)
NO_YEAR = re.compile(rf"(?<![A-Za-z])([A-Z][a-z]{{2}}) {{1,2}}(\d{{1,2}}) {CLOCK}(?!\d)")
ANDROID = re.compile(rf"\A(\d\d)-(\d\d) {CLOCK}")


def time_of(line: str, year: int) -> str:
    """`2026-03-02T12:00:01`, empty where it has none; `year` is that of logs which name none."""
    head = line[:HEAD]
    if ":" not in head:
        return ""
    if found := NUMBERS.search(head):
        return _written(found[1], found[2], found[3], *found.groups()[3:6])
    if (found := DAY_FIRST.search(head)) and found[2] in MONTHS:
        return _written(found[3], MONTHS[found[2]], found[1], *found.groups()[3:6])
    if (found := YEAR_LAST.search(head)) and found[1] in MONTHS:
        return _written(found[6], MONTHS[found[1]], found[2], *found.groups()[2:5])
    if (found := NO_YEAR.search(head)) and found[1] in MONTHS:
        return _written(str(year), MONTHS[found[1]], found[2], *found.groups()[2:5])
    if found := ANDROID.match(head):
        return _written(str(year), *found.groups())
    return ""


def _written(year: str, month: str, day: str, hour: str, minute: str, second: str) -> str:
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return ""
    return f"{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute}:{second}"
