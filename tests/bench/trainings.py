"""What the classifier's training takes, in a process of its own as the service has it: of synthetic tickets, as many as
it learns from at most, or of the largest labelled set in the folder that `BIHUAN_BENCH_DATA` names."""

import asyncio
import os
import random
import time
from pathlib import Path

import psutil

from services.triage.learning import process
from tests.bench.desk import Desk
from tests.eval.fit import messages
from tests.eval.messages import rows_of
from tests.eval.sets import text_of

MANY, FEW = 30_000, 3_000  # what is learned from at most
LARGEST = ("cls_en_endava_topic.jsonl.gz",)


async def trainings(desk: Desk) -> None:
    if not process.is_installed():
        print("  the extra `learning` is not installed: nothing is trained")
        return
    pairs = _pairs(FEW if desk.quick else MANY)
    before, most = {one.pid for one in psutil.Process().children(recursive=True)}, 0
    began = time.perf_counter()
    training = asyncio.create_task(process.train(pairs))
    while not training.done():
        await asyncio.sleep(0.2)
        most = max(most, sum(_memory(one) for one in psutil.Process().children() if one.pid not in before))
    result = await training
    seconds = time.perf_counter() - began
    characters = sum(len(text) for text, _ in pairs) // len(pairs)
    note = f"{result.texts} texts of {characters} characters, {len(result.labels)} labels"
    desk.figures.add("training_s", seconds, "s", note=note)
    desk.figures.add("training_memory_mib", most / 2**20, "MiB", note=f"the model has {len(result.content)} bytes")


def _memory(one: psutil.Process) -> int:
    try:
        return int(one.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def _pairs(most: int) -> list[tuple[str, str]]:
    folder = os.environ.get("BIHUAN_BENCH_DATA")
    rows = rows_of(Path(folder), LARGEST) if folder else []
    if rows:
        return [(text_of(row), str(row["label"])) for row in rows][:most]
    dice, own = random.Random(1), messages()
    return [(_mixed(f"{one['title']} {one['body']}", dice), one["category"]) for one in dice.choices(own, k=most)]


def _mixed(text: str, dice: random.Random) -> str:
    """Its parts in another order, and a few left out: no two are alike."""
    between = " " if " " in text.strip() else ""
    words = text.split() if between else list(text)
    return between.join(dice.sample(words, k=max(len(words) - dice.randint(0, 3), 1)))
