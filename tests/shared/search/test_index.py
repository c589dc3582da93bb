"""The index: what is put, replaced and removed, and what becomes of folders that are no use."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.search.entries import Entry, Wanted
from shared.search.folder import Folder
from shared.search.index import Broken, Index
from shared.search.schema import Fields
from shared.search.words import words_of

FIELDS = Fields(("text", "more"), ("kind",), ("at",))


def entry(id: str, text: str, at: int = 1, version: int = 1, **kinds: str) -> Entry:
    return Entry(id, version, {"text": text}, {name: [value] for name, value in kinds.items()}, {"at": at})


OPENED: list[Index] = []


@pytest.fixture(autouse=True)
def closing() -> Iterator[None]:
    yield
    while OPENED:
        OPENED.pop().close()


def opened(base: Path | None, label: str = "1", fields: Fields = FIELDS) -> tuple[Index, dict[str, int]]:
    OPENED.append(Index(fields, Folder(base)))
    return OPENED[-1], OPENED[-1].open(label)


def filled(base: Path | None) -> Index:
    index, known = opened(base)
    assert known == {}
    index.replace([entry("a", "导出失败", 1, kind="x"), entry("b", "导出成功", 2, version=7, kind="")])
    index.commit()
    return index


def found(index: Index, text: str = "", **more: object) -> list[str]:
    wanted = Wanted(words_of(text, 100), ("text", "more"), **more)  # type: ignore[arg-type]
    hits, _ = index.search(wanted, "at", True, None, 10)
    assert index.count(wanted) == len(hits)
    return [id for _, id in hits]


def test_what_is_put_is_found_and_what_is_replaced_is_not(tmp_path: Path) -> None:
    index = filled(tmp_path)
    assert found(index) == found(index, "导出") == ["b", "a"]
    index.replace([entry("a", "打印", 3)], gone=["b", "nobody"])
    index.commit()
    assert (found(index), found(index, "导出"), found(index, "打印")) == (["a"], [], ["a"])


def test_values_numbers_and_exceptions(tmp_path: Path) -> None:
    index = filled(tmp_path)
    assert found(index, keywords={"kind": ["x"]}) == ["a"]
    assert found(index, keywords={"kind": [""]}) == ["b"]
    assert found(index, keywords={"kind": ["x", "", "z"]}) == ["b", "a"]
    assert found(index, keywords={"kind": []}) == []
    assert found(index, numbers={"at": (2, None)}) == ["b"]
    assert found(index, numbers={"at": (None, 1)}) == ["a"]
    assert found(index, numbers={"at": (2, 1)}) == []
    assert found(index, without=Wanted(words_of("失败", 10), ("text",))) == ["b"]
    assert index.search(Wanted(), "at", False, 2, 10) == ([(2, "b")], 1)
    assert index.search(Wanted(), "at", True, None, 1) == ([(2, "b")], 2)


def test_a_folder_is_used_again(tmp_path: Path) -> None:
    filled(tmp_path).close()
    index, known = opened(tmp_path)
    assert known == {"a": 1, "b": 7}
    assert found(index, "成功") == ["b"]
    index.close()


def test_what_was_not_committed_is_not_there(tmp_path: Path) -> None:
    index = filled(tmp_path)
    index.replace([entry("c", "打印")])
    index.close()
    assert opened(tmp_path)[1] == {"a": 1, "b": 7}


def test_two_processes_have_two_folders(tmp_path: Path) -> None:
    first = filled(tmp_path)
    second, known = opened(tmp_path)
    assert known == {}
    first.close()
    third, known = opened(tmp_path)
    assert known == {"a": 1, "b": 7}
    assert {path.name for path in tmp_path.iterdir()} == {"0", "1"}
    second.close()
    third.close()


def test_another_label_or_other_fields_begin_anew(tmp_path: Path) -> None:
    filled(tmp_path).close()
    index, known = opened(tmp_path, "2")
    assert (known, found(index)) == ({}, [])
    index.close()
    index, known = opened(tmp_path, "2", Fields(("text",), ("kind", "new"), ("at",)))
    assert known == {}
    index.close()


@pytest.mark.parametrize("damage", ["nothing", "garbage", "empty", "half"])
@pytest.mark.parametrize("which", ["meta.json", ".managed.json", "*.term", "*.store", "*.fast", "label"])
def test_a_folder_that_is_no_use_is_made_anew(tmp_path: Path, which: str, damage: str) -> None:
    filled(tmp_path).close()
    paths = list((tmp_path / "0").rglob(which))
    assert paths
    for path in paths:
        content = path.read_bytes()
        if damage == "nothing":
            path.unlink()
        else:
            path.write_bytes(
                {"garbage": b"\xff" * len(content), "empty": b"", "half": content[: len(content) // 2]}[damage]
            )
    index, known = opened(tmp_path)
    assert known in ({}, {"a": 1, "b": 7})
    if not known:
        index.replace([entry("a", "导出失败"), entry("b", "导出成功", 2, version=7)])
        index.commit()
    assert _found_or_broken(index) in (["b"], None)
    index.reset("1")
    index.replace([entry("b", "导出成功")])
    index.commit()
    assert found(index, "成功") == ["b"]
    index.close()


def _found_or_broken(index: Index) -> list[str] | None:
    try:
        return found(index, "成功")
    except Broken:
        return None


def test_an_index_that_is_not_open_says_so() -> None:
    index = Index(FIELDS, Folder(None))
    with pytest.raises(Broken):
        index.count(Wanted())
    with pytest.raises(Broken):
        index.replace([])
    index.close()


def test_a_temporary_folder_is_removed() -> None:
    folder = Folder(None)
    index = Index(FIELDS, folder)
    index.open("")
    assert folder.path.is_dir()
    index.close()
    assert not folder.path.exists()
