"""kb's index alone, in this process: how long one question takes among many cases, how fast cases are indexed, how much
memory and how long a start the index costs; `BIHUAN_BENCH_CASES` says among how many."""

import asyncio
import math
import os
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from services.kb.search.domain import Filters, Kind
from services.kb.search.fields import BODY, FIELDS, KIND, TITLE, wanted_of
from shared.search import Embedder, Entry, Folder, Index, Question
from shared.search.embedder import is_installed
from shared.search.embedding import DIMENSIONS
from shared.search.meanings import CANDIDATES, by_both
from shared.search.vectors import Vectors, key_of
from tests.bench.desk import Desk
from tests.bench.figures import percentile
from tests.bench.processes import pss_mib

MANY, FEW = 150_000, 20_000
WANTED = wanted_of(Kind.CASE, Filters())
AT_ONCE = 2_000
WORDS = 30_000  # different English words, and as many pairs of Chinese characters
PARTS = ("导出", "导入", "登录", "报表", "发票", "库存", "同步", "闪退", "乱码", "超时", "卡死", "权限", "打印", "备份")


async def knowledge(desk: Desk) -> None:
    many = int(os.environ.get("BIHUAN_BENCH_CASES", FEW if desk.quick else MANY))
    with tempfile.TemporaryDirectory(prefix="bihuan-bench-") as folder:
        await asyncio.to_thread(_measure, desk, many, Path(folder))
        if is_installed():
            await _measure_by_both(desk, many, Path(folder))


def _measure(desk: Desk, many: int, folder: Path) -> None:
    before = pss_mib(os.getpid())
    index = Index(FIELDS, Folder(folder))
    index.open("")
    began = time.perf_counter()
    for at in range(0, many, AT_ONCE):
        index.replace(map(_entry, range(at, min(at + AT_ONCE, many))))
        index.commit()
    built = time.perf_counter() - began
    index.close()
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1024**2
    desk.figures.add("kb_indexed_per_s", many / built, "/s", note=f"{many} cases, {size:.0f} MiB on disk")
    began = time.perf_counter()
    index = Index(FIELDS, Folder(folder))
    known = index.open("")
    note = f"{len(known)} cases; the folder is there already"
    desk.figures.add("kb_index_opened_s", time.perf_counter() - began, "s", note=note)
    took = [_ask(index, text) for text in _questions(100 if desk.quick else 1_000)]
    wall, cpu = [one for one, _ in took], [one for _, one in took]
    note = f"{len(took)} questions among {many}, p50 {percentile(wall, 0.5):.2f} ms"
    note = f"{note}; CPU p95 {percentile(cpu, 0.95):.2f} ms"
    desk.figures.add("kb_query_p95_ms", percentile(wall, 0.95), "ms", note=note)
    seen = [_seen_after(index, many + n) for n in range(10)]
    desk.figures.add("kb_article_seen_p95_ms", percentile(seen, 0.95), "ms", note="put, committed and found")
    grown = pss_mib(os.getpid()) - before
    desk.figures.add("kb_index_mib", grown, "MiB", note=f"what {many} cases and {len(took)} questions add to a process")
    index.close()


async def _measure_by_both(desk: Desk, many: int, folder: Path) -> None:
    """Vectors by chance, and questions by the model in its process while the index is asked."""
    vectors, dice = Vectors(folder / "vectors", ""), np.random.default_rng(1)
    before = pss_mib(os.getpid())
    for n in range(many):
        vectors.add(key_of(_entry(n).meaning), dice.standard_normal(DIMENSIONS, np.float32))
    grown = pss_mib(os.getpid()) - before
    index, embedder = Index(FIELDS, Folder(folder)), Embedder()
    index.open("")
    took = []
    for text in _questions(50 if desk.quick else 500):
        began = time.perf_counter()
        meaning, words = await asyncio.gather(
            embedder.of_question(text),
            asyncio.to_thread(index.likest, Question.of(text, 20_000), WANTED, CANDIDATES),
        )
        if meaning is not None:
            await asyncio.to_thread(by_both, index, vectors, words, meaning, WANTED, 20)
        took.append((time.perf_counter() - began) * 1000 if meaning else math.inf)
    await embedder.stop()
    index.close()
    in_time = [one for one in took if one < math.inf]
    note = f"{len(in_time)} of {len(took)} questions were embedded in time, among {many}"
    note = f"{note}, p50 {percentile(in_time, 0.5):.1f} ms; vectors {grown:.0f} MiB"
    desk.figures.add("kb_hybrid_p95_ms", percentile(in_time, 0.95), "ms", note=note)


def _entry(n: int) -> Entry:
    dice = random.Random(n)
    title = f"{dice.choice(PARTS)}{dice.choice(PARTS)}{_chinese(dice, 2)} {_english(dice, 2)} V{n % 7}.{n % 31}"
    body = f"{_chinese(dice, 40)} {_english(dice, 40)} error {n}"
    keywords = {KIND: ["case"], "product": [f"p{n % 20}"], "fingerprint": [f"{n:032x}"]}
    return Entry(f"TK-2026-{n:06d}", 1, {TITLE: title, BODY: f"{title}\n{body}"}, keywords, {}, f"{title} {n}")


def _english(dice: random.Random, count: int) -> str:
    """As frequent as words are: the second half as often as the first, and so on."""
    return " ".join(f"w{int(WORDS ** dice.random())}x" for _ in range(count))


def _chinese(dice: random.Random, count: int) -> str:
    return "".join(chr(0x4E00 + int(5_000 ** dice.random()) + dice.randrange(20)) for _ in range(count * 2))


def _questions(count: int) -> Iterator[str]:
    dice = random.Random(-1)
    for n in range(count):
        short = f"{dice.choice(PARTS)}失败 V3.2 {_english(dice, 2)}"
        yield short if n % 2 else f"{short}\n{_chinese(dice, 40)} {_english(dice, 40)}"


def _ask(index: Index, text: str) -> tuple[float, float]:
    """Milliseconds by the clock, and of one core."""
    began, worked = time.perf_counter(), time.thread_time()
    index.likest(Question.of(text, 20_000), WANTED, 20)
    return (time.perf_counter() - began) * 1000, (time.thread_time() - worked) * 1000


def _seen_after(index: Index, n: int) -> float:
    began = time.perf_counter()
    index.replace([_entry(n)])
    index.commit()
    found = index.likest(Question.of(f"error {n}", 100), WANTED, 1)
    if not found or found[0].id != f"TK-2026-{n:06d}":
        raise RuntimeError(f"{n} is not found")
    return (time.perf_counter() - began) * 1000
