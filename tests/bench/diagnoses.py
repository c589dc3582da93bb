"""How long a diagnosis takes, by the words alone: for what people write, and for 20,000 characters without a gap. What
kb adds is the answer of its search, `kb_query_p95_ms`."""

import time
from collections.abc import Sequence

from services.triage.diagnosis.classifier import Beside, classify
from shared import stack_traces
from shared.events import Problem
from shared.stack_traces import fingerprints
from tests.bench.desk import Desk
from tests.bench.figures import percentile
from tests.bench.samples import problem
from tests.eval.fit import messages

LONG = 20_000  # characters
LONG_TEXTS = {
    "story": "我们财务部从今天早上开始导出报表时报错，进度条走到一半就停住，重启、清理缓存都试过，同事也一样。",
    "chinese": "错",
    "hex": "9f3a",
    "base64": "QmFzZTY0IGlzIG5vIHdvcmQ",
    "english": "the export of the monthly report fails with an error and nobody can work, ",
    "lines": "error\n",
}


async def diagnoses(desk: Desk) -> None:
    times = 1 if desk.quick else 3
    own = [Problem(title=row["title"], description=row["body"]) for row in messages()]
    own += [Problem(**problem(n)) for n in range(64)]
    took, cpu = each(own * times)
    note = f"{len(own)} messages, without kb"
    desk.figures.add("diagnose_p95_ms", percentile(took, 0.95), "ms", {"diagnosis": cpu}, note)
    found = {name: each([long(n, piece) for n in range(20 * times)]) for name, piece in LONG_TEXTS.items()}
    slowest = max(found, key=lambda name: percentile(found[name][0], 0.95))
    took, cpu = found[slowest]
    note = f"{LONG} characters, the slowest of its kinds: {slowest}"
    desk.figures.add("diagnose_long_p95_ms", percentile(took, 0.95), "ms", {"diagnosis": cpu}, note)


def long(n: int, piece: str) -> Problem:
    """No two are the same: clauses are remembered."""
    return Problem(title="导出报错", description=f"{n} {piece * (LONG // len(piece) + 1)}"[:LONG])


def each(problems: Sequence[Problem]) -> tuple[list[float], float]:
    """The milliseconds of each, and those of CPU of one."""
    took, busy = [], time.process_time()
    for one in problems:
        began = time.perf_counter()
        traces = stack_traces.find(f"{one.description}\n{one.error_text}")
        beside = Beside(has_trace=any(trace.frames for trace in traces), fingerprints=fingerprints(traces))
        classify(one, beside)
        took.append((time.perf_counter() - began) * 1000)
    return took, (time.process_time() - busy) * 1000 / len(problems)
