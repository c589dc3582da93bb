"""The process that makes vectors: it may crash, be stuck, or be late."""

import asyncio
import sys
from pathlib import Path

import numpy as np
import pytest

from shared.search import Embedder, embedder
from shared.search.embedder import NotYet, NoVector, beginning
from tests.shared.search.samples import needs_model


async def test_a_text_that_ends_the_process_does_no_harm_to_the_next(
    model: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedder, "FIRST_PAUSE", 0.0)
    model._pause = 0.0
    assert (await model.of_passage("abc"))[ord("a")] == 1
    with pytest.raises(NoVector):
        await model.of_passage("!")
    assert (await model.of_passage("b"))[ord("b")] == 1


async def test_it_is_not_started_again_at_once(model: Embedder) -> None:
    with pytest.raises(NoVector):
        await model.of_passage("!")
    with pytest.raises(NotYet):
        await model.of_passage("a")
    assert await model.of_question("a") is None


async def test_a_question_does_not_wait_for_what_is_stuck(model: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedder, "QUESTION_WITHIN", 0.01)
    assert await model.of_question("? long") is None
    assert await model.of_question("a") is None


async def test_an_answer_that_came_too_late_is_not_the_next_ones(
    model: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedder, "QUESTION_WITHIN", 0.0)
    assert await model.of_question("a") is None
    monkeypatch.setattr(embedder, "QUESTION_WITHIN", 20.0)
    found = await model.of_question("b")
    assert found is not None
    assert found.vector[ord("b")] == 1
    assert not found.is_chinese
    again = await model.of_question(f"b{' ' * 2 * embedder.BEGINNING}")
    assert again is not None
    assert again.vector is found.vector  # it is remembered
    assert (found.share, again.share < 1) == (1, True)
    assert await model.of_question(" \0\n") is None


async def test_without_the_program_nothing_is_known(tmp_path: Path) -> None:
    none = Embedder(tmp_path / "none.py")
    assert await none.of_question("a") is None
    await none.stop()


def test_only_the_beginning_counts() -> None:
    assert beginning(" a\0b \n c ") == "a b c"
    assert len(beginning("很长" * 20_000)) == 150


@needs_model
async def test_the_model_knows_what_means_the_same_in_another_language() -> None:
    one = Embedder()
    try:
        english = [await one.of_passage(text) for text in ("The invoice cannot be printed", "Password reset by mail")]
        again = [await Embedder().of_passage("The invoice cannot be printed")]
        asked = await one._exchange(b"q", "发票打印不出来")
    finally:
        await one.stop()
    assert asked @ english[0] > asked @ english[1]
    assert np.array_equal(english[0], again[0])


@needs_model
async def test_the_process_ends_with_its_service() -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-I", str(embedder.PROGRAM), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdin
    child.stdin.close()
    assert await child.wait() == 0
