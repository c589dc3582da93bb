"""Search does not get worse: our own small set, and how its figures are made."""

import json
from pathlib import Path

import pytest

from shared.search.embedder import share
from shared.search.mixing import mixed
from tests.eval import retrieval
from tests.eval.__main__ import SAMPLES


def test_our_own_questions_find_their_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrieval, "find_spec", lambda name: None)
    figures = retrieval.measure(SAMPLES, None)
    assert figures["ret_own.bm25.mrr"] >= 90
    assert figures["ret_own.bm25.r5"] >= 95


def test_scores_of_one_question() -> None:
    found = retrieval.scores_of(["x", "a", "y", "b"], frozenset("ab"))
    assert found == {"map": 0.5, "mrr": 0.5, "p1": 0.0, "r5": 1.0, "hit5": 1.0}
    assert set(retrieval.scores_of([], frozenset("a")).values()) == {0.0}
    late = retrieval.scores_of([*"uvwxy", "a"], frozenset("a"))
    assert (late["r5"], late["hit5"], round(late["mrr"], 3)) == (0.0, 0.0, 0.167)


def test_documents_are_taken_from_the_folder_or_else_from_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrieval, "find_spec", lambda name: None)
    own, other = tmp_path / "own", tmp_path / "other"
    for folder in (own, other):
        folder.mkdir()
    document = {"id": "1", "question": "strike text out", "answers": ["use dashes"]}
    (other / "ret_en_stackfaq_docs.jsonl").write_text(json.dumps(document), "utf-8")
    (other / "ret_en_stackfaq_queries.jsonl").write_text("", "utf-8")
    (own / "ret_en_stackfaq_queries.jsonl").write_text(json.dumps({"query": "dashes", "relevant": ["1"]}), "utf-8")
    assert retrieval.measure(own, other)["ret_en_stackfaq.bm25.mrr"] == 100
    assert retrieval.measure(own, None) == {}


def test_a_mix_has_what_either_side_has_and_prefers_what_both_have() -> None:
    found = mixed({"words": 9.0, "both": 8.0, "few": 1.0}, {"meaning": 0.9, "both": 0.88, "far": 0.7}, 1.0)
    assert next(iter(found)) == "both"
    assert found.keys() == {"words", "both", "few", "meaning", "far"}
    assert mixed({}, {}, 1.0) == {}


def test_what_a_vector_has_little_of_is_found_by_words() -> None:
    sides = {"words": 9.0, "both": 1.0}, {"meaning": 0.95, "both": 0.8}
    assert [next(iter(mixed(*sides, share(text)))) for text in ("short", "long " * 400)] == ["meaning", "words"]
