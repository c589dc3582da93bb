"""`python -m tests.eval [folder]`: the figures of what lies in the folder; of the samples in tests/data without one."""

import sys
from pathlib import Path

from tests.eval import logs, messages

SAMPLES = Path(__file__).parents[1] / "data"
NO_DATA = 3


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES
    rows = messages.rows_of(folder)
    if not rows:
        return NO_DATA
    for name, value in messages.measure(rows).items():
        print(f"{name} {value:.1f}")
    for name, value, _ in logs.measure(folder):
        print(f"{name} {value:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
