"""How well lines of logs are grouped: LogHub's grouping accuracy, over the systems that lie in the folder."""

import gzip
import json
from collections import defaultdict
from pathlib import Path
from statistics import mean

from services.triage.logs.templates import Templates

FILE = "logs_loghub2k.jsonl.gz"


def measure(folder: Path) -> list[tuple[str, float, str]]:
    """Name, value, unit; nothing where there are no logs. The mean of all systems comes first."""
    path = folder / FILE
    if not path.exists():
        return []
    systems: dict[str, list[tuple[str, str]]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            systems[row["system"]].append((row["content"], row["event"]))
    each = {system: grouping_accuracy(rows) for system, rows in systems.items()}
    names = [(f"logs.grouping.{system.lower()}", value, "%") for system, value in sorted(each.items())]
    return [("logs.grouping.accuracy", mean(each.values()), "%"), *names]


def grouping_accuracy(rows: list[tuple[str, str]]) -> float:
    """Of the lines, how many percent are in a group that has all lines of their event and no other."""
    templates = Templates()
    found = [templates.add(content) for content, _ in rows]
    templates.join()
    ours: dict[int, list[int]] = defaultdict(list)
    theirs: dict[str, list[int]] = defaultdict(list)
    for number, ((_, event), template) in enumerate(zip(rows, found, strict=True)):
        ours[id(template.root) if template else 0].append(number)
        theirs[event].append(number)
    right = {tuple(group) for group in theirs.values()}
    return 100 * sum(len(group) for group in ours.values() if tuple(group) in right) / len(rows)
