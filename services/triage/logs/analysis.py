"""A log read once from its first line to its last, in memory that does not grow with it (P3.2)."""

import re
from collections import Counter, deque
from dataclasses import dataclass, field

from services.triage.logs.modules import is_library, module_of
from services.triage.logs.operations import is_operation, operation_of
from services.triage.logs.templates import Template, Templates
from services.triage.logs.times import time_of
from shared.events import LogBucket, LogGroup, LogOperation
from shared.secrets import masked
from shared.stack_traces import Reader, Trace, digest, without_prefix

MOST_GROUPS = 300  # of errors that are told apart while it is read
SHOWN_GROUPS, SHOWN_TEMPLATES, SHOWN_OPERATIONS, SHOWN_BUCKETS = 20, 20, 50, 24
MOST_BUCKETS = 200
WIDTHS = (16, 15, 13, 10, 7)  # characters of a time that name its minute, ten minutes, hour, day, month
LONGEST_LINE, LONGEST_TITLE, LONGEST_EVIDENCE = 2_000, 300, 2_000  # characters
LEVEL = re.compile(
    r"(?<![A-Za-z])(?:ERROR|FATAL|SEVERE|CRITICAL|PANIC|EMERG|error|fatal)(?![A-Za-z])|错误|失败|异常|严重"
)
LEVEL_HEAD = 120  # characters of a line in which its level is looked for
HOLD = 500  # lines after which what was found is counted


@dataclass
class Group:
    """`evidence`: what a third party is recognised by."""

    fingerprint: str
    title: str
    module: str = ""
    evidence: str = ""
    count: int = 0
    first: str = ""
    last: str = ""
    buckets: Counter[str] = field(default_factory=Counter)
    width: int = 0

    def hit(self, at: str) -> None:
        self.count += 1
        if not at:
            return
        self.first, self.last = min(self.first or at, at), max(self.last, at)
        self.buckets[at[: WIDTHS[self.width]]] += 1
        if len(self.buckets) > MOST_BUCKETS and self.width + 1 < len(WIDTHS):
            self._widen()

    def join(self, other: "Group") -> None:
        self.count += other.count
        self.first = min(one for one in (self.first or other.first, other.first or self.first))
        self.last = max(self.last, other.last)
        while self.width < other.width:
            self._widen()
        for at, count in other.buckets.items():
            self.buckets[at[: WIDTHS[self.width]]] += count

    def shown(self, systems: list[str]) -> LogGroup:
        while len(self.buckets) > SHOWN_BUCKETS and self.width + 1 < len(WIDTHS):
            self._widen()
        buckets = [LogBucket(begins=at, count=count) for at, count in sorted(self.buckets.items())][-SHOWN_BUCKETS:]
        return LogGroup(
            fingerprint=self.fingerprint,
            title=self.title,
            count=self.count,
            first_at=self.first,
            last_at=self.last,
            module=self.module,
            systems=systems,
            buckets=buckets,
        )

    def _widen(self) -> None:
        self.width += 1
        wider: Counter[str] = Counter()
        for at, count in self.buckets.items():
            wider[at[: WIDTHS[self.width]]] += count
        self.buckets = wider


@dataclass
class Findings:
    """`traces`: each error that was found once, those of most lines first; `uncounted`: lines for which was no room."""

    lines: int = 0
    first_at: str = ""
    last_at: str = ""
    groups: list[Group] = field(default_factory=list)
    traces: list[Trace] = field(default_factory=list)
    templates: list[tuple[str, int]] = field(default_factory=list)
    operations: list[LogOperation] = field(default_factory=list)
    uncounted: int = 0

    @property
    def module(self) -> str:
        """In which most errors began, if that is no library."""
        modules: Counter[str] = Counter()
        for group in self.groups:
            if group.module and not is_library(group.module):
                modules[group.module] += group.count
        return modules.most_common(1)[0][0] if modules else ""


class Analysis:
    """Takes a log piece by piece, each of whole lines. `year` is that of logs whose times name none."""

    def __init__(self, year: int) -> None:
        self._year = year
        self._reader = Reader()
        self._templates = Templates()
        self._groups: dict[str, Group] = {}
        self._traces: dict[str, Trace] = {}
        self._errors: dict[int, tuple[Template, Group]] = {}
        self._deeds: deque[tuple[str, str]] = deque(maxlen=2 * SHOWN_OPERATIONS)
        self._lines = self._uncounted = 0
        self._first = self._last = ""

    def feed(self, text: str) -> None:
        for line in text.splitlines():
            self._read(line)
        self._count()

    def finish(self) -> Findings:
        self._reader.end()
        self._count()
        left = self._templates.join()
        lines: dict[int, Group] = {}
        for template, group in self._errors.values():
            root = template.root
            if known := lines.get(id(root)):
                known.join(group)
            else:
                lines[id(root)] = group
                group.fingerprint = digest("line", *root.words)
        groups = sorted([*self._groups.values(), *lines.values()], key=lambda one: -one.count)
        order = {group.fingerprint: place for place, group in enumerate(groups)}
        return Findings(
            lines=self._lines,
            first_at=self._first,
            last_at=self._last,
            groups=groups[:SHOWN_GROUPS],
            traces=sorted(self._traces.values(), key=lambda one: (not one.frames, order[one.fingerprint])),
            templates=[(masked(" ".join(one.words))[:LONGEST_TITLE], one.count) for one in left[:SHOWN_TEMPLATES]],
            operations=[one for deed in self._deeds if (one := operation_of(*deed))][-SHOWN_OPERATIONS:],
            uncounted=self._uncounted + self._templates.passed_over,
        )

    def _read(self, line: str) -> None:
        self._lines += 1
        at = time_of(line, self._year)
        if at:
            self._reader.at = at
            self._first, self._last = min(self._first or at, at), max(self._last, at)
        begun = self._reader.begun
        self._reader.read(line)
        if self._lines % HOLD == 0:
            self._count()
        if self._reader.is_inside or not line.strip():
            return
        content = without_prefix(line[:LONGEST_LINE])
        template = self._templates.add(content)
        if template and begun == self._reader.begun and LEVEL.search(line[:LEVEL_HEAD]):
            self._count_error(template, content)
        if is_operation(content):
            self._deeds.append((content, at))  # masked at the end: only the last ones are told

    def _count_error(self, template: Template, content: str) -> None:
        known = self._errors.get(id(template))
        if known is None:
            if len(self._errors) == MOST_GROUPS:
                self._uncounted += 1
                return
            said = masked(content)
            known = template, Group("", said[:LONGEST_TITLE], evidence=said[:LONGEST_EVIDENCE])
            self._errors[id(template)] = known
        known[1].hit(self._reader.at)

    def _count(self) -> None:
        for trace in self._reader.take():
            mark = trace.fingerprint
            group = self._groups.get(mark)
            if group is None:
                if len(self._groups) == MOST_GROUPS:
                    self._uncounted += 1
                    continue
                trace.message = masked(trace.message)
                evidence = "\n".join([trace.title, *trace.frames])[:LONGEST_EVIDENCE]
                group = self._groups[mark] = Group(mark, trace.title[:LONGEST_TITLE], module_of(trace), evidence)
                self._traces[mark] = trace
            group.hit(trace.seen)
