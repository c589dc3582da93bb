"""`python -m tests.eval [--data folder] [--test folder] [--out file.json]`: the figures of what lies in the folder; of
the samples in tests/data without one. What is in the folder is never learned from to read messages."""

import argparse
import json
import sys
from pathlib import Path

from tests.eval import incidents, logs, messages, retrieval

SAMPLES = Path(__file__).parents[1] / "data"
DEFAULT = Path(__file__).parents[3] / "shared" / "data"
HELD_BACK = ("messages_held_back.jsonl",)
NO_DATA = 3


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.eval")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--test", type=Path)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    rows = messages.rows_of(options.test or options.data or SAMPLES)
    figures = messages.measure(rows) if rows else {}
    figures |= messages.measure(messages.rows_of(SAMPLES, HELD_BACK), "own_messages_held_back")
    figures |= {name: value for name, value, _ in logs.measure(options.data or SAMPLES)}
    figures |= incidents.measure()
    if options.data:
        from tests.eval import sets

        figures |= sets.measure(options.data, options.test)
    fallback = DEFAULT if DEFAULT.is_dir() else None
    figures |= retrieval.measure(options.data or SAMPLES, fallback if options.data else None)
    for name, value in figures.items():
        of, _, what = name.partition(".")
        known = retrieval.BASELINES.get(of, {}).get(what) if options.data else None
        print(f"{name} {value:.1f}{f' (baseline {known})' if known else ''}", flush=True)
    if options.out:
        told = [{"name": name, "value": round(value, 2), "unit": "%"} for name, value in figures.items()]
        options.out.write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    return 0 if rows else NO_DATA


if __name__ == "__main__":
    sys.exit(main())
