"""What was measured: figures with a name, a value, a unit, and the CPU that one operation cost each process."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    name: str
    value: float
    unit: str
    cpu: Mapping[str, float] = field(default_factory=dict)  # milliseconds an operation, by process
    note: str = ""

    @property
    def remarks(self) -> str:
        cost = ", ".join(f"{name} {ms:.2f}" for name, ms in self.cpu.items())
        return "; ".join(part for part in (cost, self.note) if part)

    def line(self) -> str:
        return f"{self.name:<34} {shown(self.value):>9} {self.unit:<8} {self.remarks}"


@dataclass
class Figures:
    """Prints each figure when it is known."""

    all: list[Figure] = field(default_factory=list)

    def add(self, name: str, value: float, unit: str, cpu: Mapping[str, float] | None = None, note: str = "") -> None:
        figure = Figure(name, value, unit, cpu or {}, note)
        self.all.append(figure)
        print(figure.line(), flush=True)

    def value(self, name: str) -> float:
        """Of what was measured already."""
        return next(figure.value for figure in self.all if figure.name == name)

    def table(self) -> str:
        head = f"{'figure':<34} {'value':>9} {'unit':<8} CPU ms an operation, by process; remarks"
        return "\n".join([head, "-" * len(head), *(figure.line() for figure in self.all)])

    def markdown(self) -> str:
        lines = ["| figure | value | unit | CPU ms an operation, by process; remarks |", "| --- | ---: | --- | --- |"]
        lines += [f"| `{one.name}` | {shown(one.value)} | {one.unit} | {one.remarks} |" for one in self.all]
        return "\n".join(lines) + "\n"

    def write(self, path: Path) -> None:
        """As a Markdown table if that is what the file is called, else as JSON."""
        if path.suffix == ".md":
            path.write_text(self.markdown(), "utf-8")
            return
        rows: list[dict[str, object]] = []
        for figure in self.all:
            rows.append({"name": figure.name, "value": round(figure.value, 4), "unit": figure.unit})
            for process, ms in figure.cpu.items():
                name = f"{figure.name}.cpu_ms.{process}"
                rows.append({"name": name, "value": round(ms, 4), "unit": "ms"})
        path.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", "utf-8")


def shown(value: float) -> str:
    return f"{value:.0f}" if value >= 1000 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of the values do not exceed (0.95: the 95th percentile)."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
