"""Vectors in step with an index, and what both find."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from shared.search import Embedder, Entry, Fields, Folder, Index, Meanings, Question, Wanted, embedder, meanings
from shared.search.embedder import NoVector
from shared.search.meanings import by_both
from shared.search.vectors import HEAD, RECORD, Meaning, Vectors, key_of
from tests.shared.search.samples import vector

FIELDS = Fields((), ("kind",), (), titles=("title",), bodies=("body",), by_meaning=True)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    one = Index(FIELDS, Folder(tmp_path / "index"))
    one.open("")
    yield one
    one.close()


class Store:
    """What is searched: titles by id."""

    def __init__(self, **titles: str) -> None:
        self.titles = titles

    async def versions(self, since: datetime | None) -> dict[str, tuple[int, datetime | None]]:
        return {}

    async def entries(self, ids: Sequence[str]) -> list[Entry]:
        return [entry(id, self.titles[id]) for id in ids if id in self.titles]

    async def generation(self) -> str:
        return ""


def entry(id: str, title: str, kind: str = "case") -> Entry:
    return Entry(id, 1, {"title": title, "body": title}, {"kind": [kind]}, {}, title)


def put(index: Index, *entries: Entry) -> None:
    index.replace(entries)
    index.commit()


async def test_what_is_put_into_the_index_is_embedded_and_found(index: Index, model: Embedder) -> None:
    both = Meanings(index, Store(), model)
    entries = [entry("one", "alpha"), entry("two", "beta"), Entry("none", 1, {}, {"kind": ["case"]}, {})]
    put(index, *entries)
    both.heard(entries)
    await both.refresh()
    asked = Meaning(await model.of_passage("amount"), False)
    found = both.best([], asked, Wanted(), 9)
    assert found[0].id == "one"
    assert found[0].by_meaning > 0
    assert {one.id for one in found} == {"one", "two"}


async def test_what_was_not_embedded_before_a_kill_is_read_and_embedded(index: Index, model: Embedder) -> None:
    put(index, entry("one", "alpha"), entry("two", "beta"), entry("gone", "gamma"))
    both = Meanings(index, Store(one="alpha", two="beta"), model)
    await both.refresh()
    assert both._vectors
    assert both._vectors.keys() == {key_of("alpha"), key_of("beta")}
    again = Vectors(index.folder / "vectors", embedder.model_label())
    assert again.keys() == both._vectors.keys()


async def test_two_replicas_have_the_same(tmp_path: Path, model: Embedder) -> None:
    titles = {f"t{n}": f"{chr(97 + n)} title" for n in range(9)}
    files = []
    for name, order in (("a", list(titles)), ("b", list(titles)[::-1])):
        one = Index(FIELDS, Folder(tmp_path / name))
        one.open("")
        put(one, *(entry(id, titles[id]) for id in order))
        both = Meanings(one, Store(**titles), model)
        await both.refresh()
        content = (one.folder / "vectors").read_bytes()[HEAD:]
        files.append(sorted(content[at : at + RECORD.itemsize] for at in range(0, len(content), RECORD.itemsize)))
        one.close()
    assert files[0] == files[1]


async def test_more_than_can_wait_is_embedded_all_the_same(
    index: Index, model: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meanings, "MOST_WAITING", 3)
    titles = {f"t{n}": f"{chr(97 + n)} title" for n in range(10)}
    entries = [entry(id, title) for id, title in titles.items()]
    both = Meanings(index, Store(**titles), model)
    put(index, *entries)
    both.heard(entries)
    await both.refresh()
    assert both._vectors
    assert len(both._vectors) == 10


async def test_a_text_that_ends_the_process_is_put_off_and_the_others_are_embedded(
    index: Index, model: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedder, "FIRST_PAUSE", 0.0)
    monkeypatch.setattr(embedder, "LONGEST_PAUSE", 0.0)
    model._pause = 0.0
    titles = {"bad": "! bad", "good": "good"}
    both = Meanings(index, Store(**titles), model)
    put(index, *(entry(id, title) for id, title in titles.items()))
    for _ in range(meanings.MOST_ATTEMPTS):
        with pytest.raises(NoVector):
            await both.refresh()
    await both.refresh()
    assert both._vectors
    assert both._vectors.keys() == {key_of("good")}


async def test_what_nothing_has_any_more_is_forgotten(index: Index, model: Embedder) -> None:
    class Complete:
        is_complete = True

    both = Meanings(index, Store(one="new"), model)
    both._follower = Complete()  # type: ignore[assignment]
    old = entry("one", "old")
    put(index, old)
    both.heard([old])
    await both.refresh()
    put(index, entry("one", "new"))
    for _ in range(2):
        both._next_all = 0.0
        await both.refresh()
    assert both._vectors
    assert both._vectors.keys() == {key_of("new")}


async def test_only_what_is_wanted_is_found_however_much_else_is_closer(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.search.closest.FEW", 50)
    near, far = vector(), vector()
    vectors = Vectors(tmp_path / "v", "")
    entries = []
    for n in range(400):
        title, kind = f"title {n}", "article" if n in (398, 399) else "case"
        entries.append(entry(f"e{n}", title, kind))
        share = 1 - n / 400
        vectors.add(key_of(title), (share * near + (1 - share) * far).astype(np.float32))
    put(index, *entries)
    articles = Wanted(keywords={"kind": ["article"]})
    assert list(index.closest(vectors, Meaning(near, False), articles, 5)) == ["e398", "e399"]
    assert list(index.closest(vectors, Meaning(near, False), Wanted(), 3)) == ["e0", "e1", "e2"]
    assert list(index.closest(vectors, Meaning(near, False), Wanted(keywords={"kind": ["case"]}), 2)) == ["e0", "e1"]
    assert index.closest(vectors, Meaning(near, False), Wanted(keywords={"kind": ["none"]}), 5) == {}


def test_scores_are_in_the_order_of_what_is_found(index: Index, tmp_path: Path) -> None:
    near, vectors = vector(), Vectors(tmp_path / "v", "")
    put(index, entry("same", "发票打印"), entry("words", "invoice printing error"), entry("other", "backup"))
    vectors.add(key_of("发票打印"), near)
    for title in ("invoice printing error", "backup"):
        vectors.add(key_of(title), vector())
    words = index.likest(Question.of("invoice printing", 100), Wanted(), 9)
    found = by_both(index, vectors, words, Meaning(near, False), Wanted(), 3)
    scores = [one.score for one in found]
    assert {one.id for one in found[:2]} == {"same", "words"}
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
