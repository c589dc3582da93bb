"""A review as tables: what its page shows and its CSV writes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from services.sla.figures.summary import Figures
from services.sla.reviews.charts import bars, columns
from services.sla.reviews.content import PROBLEM_DIMENSIONS, ReviewContent
from services.sla.reviews.words import duration, percent, term, word
from shared.terms import Satisfaction

BARS = 8
SIGNS = "+−–"


@dataclass(frozen=True)
class Table:
    """`chart` is SVG, or empty. The first cell of a row is its heading."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    title: str = ""
    chart: str = ""

    def is_text(self, column: int) -> bool:
        return column == 0 or any(not row[column][:1].isdigit() and row[column][:1] not in SIGNS for row in self.rows)


@dataclass(frozen=True)
class Section:
    title: str
    tables: Sequence[Table]


@dataclass(frozen=True)
class Tables:
    content: ReviewContent
    language: str

    def sections(self) -> list[Section]:
        w = self._word
        return [
            Section(w("summary"), [self._summary()]),
            Section(w("trend"), [self._trend()]),
            Section(w("problems"), [self._problems(name) for name in PROBLEM_DIMENSIONS]),
            Section(w("satisfaction"), [self._satisfaction(), self._counted("cause", self.content.total.causes)]),
            Section(w("targets"), [self._targets(), self._reasons()]),
            Section(w("consultations"), [self._consultations()]),
            Section(w("ends"), [self._counted("outcome", self.content.total.outcomes, "ends")]),
            Section(w("improvements"), [self._improvements()]),
        ]

    def _word(self, name: str, **values: object) -> str:
        return word(name, self.language, **values)

    def _summary(self) -> Table:
        w = self._word
        now, before = self.content.total, self.content.before
        lines: Mapping[str, Callable[[Figures], str]] = {
            "opened": lambda one: str(one.opened),
            "resolved": lambda one: str(one.resolved),
            "unsolved": lambda one: str(one.unsolved),
            "unsolved_share": lambda one: self._share(one.unsolved, one.opened),
            "reopened_share": lambda one: self._share(one.reopened, one.opened),
            "rejected_share": lambda one: self._share(one.rejected, one.opened),
            "failed_share": lambda one: self._share(one.failed, one.opened),
            "satisfied_share": lambda one: self._share(
                one.satisfaction.get("satisfied", 0), sum(one.satisfaction.values())
            ),
        }
        rows = [(w(name), line(now), line(before)) for name, line in lines.items()]
        return Table((w("figure"), w("now"), w("before")), rows)

    def _trend(self) -> Table:
        w = self._word
        told = self.content.periods
        labels = [self._label(one.since) for one in told]
        series = [
            (w("opened"), [one.opened for one in told]),
            (w("unsolved"), [one.unsolved for one in told]),
            (w("breached"), [one.breached for one in told]),
        ]
        chart = columns("trend", w("trend"), w("trend_desc"), labels, series)
        return Table((w("figure"), *labels), [(name, *map(str, counts)) for name, counts in series], "", chart)

    def _problems(self, dimension: str) -> Table:
        w = self._word
        found = [one for one in self.content.problems if one.dimension == dimension]
        heads = (
            w(dimension),
            w("tickets"),
            w("share"),
            w("change"),
            w("unsolved"),
            w("reopened"),
            w("rejected_short"),
            w("failed_short"),
        )
        names = [term(dimension, one.value, self.language) for one in found]
        rows = [
            (
                name,
                str(one.tickets),
                percent(one.share, self.language),
                percent(one.change, self.language, signed=True),
                *(str(count) for count in (one.unsolved, one.reopened, one.rejected, one.failed)),
            )
            for name, one in zip(names, found, strict=True)
        ]
        shown = [(name, one.tickets) for name, one in zip(names, found, strict=True)][:BARS]
        description = w("problems_desc", what=w(dimension).lower())
        return Table(heads, rows, w(dimension), bars(dimension, w(dimension), description, shown) if shown else "")

    def _satisfaction(self) -> Table:
        w = self._word
        told = self.content.periods
        labels = [self._label(one.since) for one in told]
        series = [
            (term("satisfaction", rating, self.language), [one.satisfaction.get(rating, 0) for one in told])
            for rating in Satisfaction
        ]
        chart = columns("satisfaction", w("satisfaction"), w("satisfaction_desc"), labels, series)
        return Table((w("figure"), *labels), [(name, *map(str, counts)) for name, counts in series], "", chart)

    def _counted(self, kind: str, counted: Mapping[str, int], head: str = "") -> Table:
        w = self._word
        total = sum(counted.values())
        rows = [
            (term(kind, value, self.language), str(count), self._share(count, total))
            for value, count in counted.items()
        ]
        return Table((w(head or kind), w("tickets"), w("share")), rows, w(head or kind))

    def _targets(self) -> Table:
        w = self._word
        rows = [
            (
                term("clock", kind, self.language),
                str(one.due),
                str(one.within),
                str(one.breached),
                percent(one.compliance, self.language),
                duration(one.p50_seconds, self.language),
                duration(one.p90_seconds, self.language),
            )
            for kind, one in self.content.total.clocks.items()
        ]
        return Table((w("clock"), w("due"), w("within"), w("missed"), w("compliance"), w("p50"), w("p90")), rows)

    def _reasons(self) -> Table:
        w = self._word
        rows = [
            (term("clock", kind, self.language), term("why", reason, self.language), str(count))
            for kind, reasons in self.content.total.breach_reasons.items()
            for reason, count in reasons.items()
        ]
        return Table((w("clock"), w("reason"), w("tickets")), rows, w("why_missed"))

    def _consultations(self) -> Table:
        w = self._word
        total = self.content.total
        calls = total.clocks.get("call_back")
        counted = {
            "consulted": total.consulted,
            "call_backs_due": calls.due if calls else 0,
            "call_backs_in_time": calls.within if calls else 0,
            "call_backs_missed": calls.breached if calls else 0,
        }
        return Table((w("figure"), w("tickets")), [(w(name), str(count)) for name, count in counted.items()])

    def _improvements(self) -> Table:
        w = self._word
        rows = [
            (
                one.title,
                term(one.dimension, one.value, self.language),
                one.owner,
                one.due_on.isoformat(),
                term("improvement_state", one.state, self.language),
                percent(one.measured.change, self.language, signed=True),
            )
            for one in self.content.improvements
        ]
        return Table((w("improvement"), w("about"), w("owner"), w("due_on"), w("state"), w("since_then")), rows)

    def _share(self, part: int, whole: int) -> str:
        return percent(part / whole if whole else None, self.language)

    def _label(self, day: object) -> str:
        first = self.content.periods[-1].since
        return f"{day:%Y-%m}" if first.day == 1 else f"{day:%m-%d}"
