"""Vectors on disk, whatever became of the file."""

from pathlib import Path

import pytest

from shared.search.vectors import HEAD, OTHER_LANGUAGE, RECORD, Meaning, Vectors, key_of
from tests.shared.search.samples import vector


def test_vectors_are_there_again_and_nearly_as_they_were(tmp_path: Path) -> None:
    made = {n: vector() for n in range(-1400, 1400, 2)}
    one = Vectors(tmp_path / "v", "m")
    for key, numbers in made.items():
        one.add(key, numbers)
        one.add(key, numbers)
    again = Vectors(tmp_path / "v", "m")
    for vectors in (one, again):
        assert len(vectors) == len(made)
        found = vectors.likeness(Meaning(made[6], False), [6, 8, 4_000])
        assert found.keys() == {6, 8}
        assert found[6] == pytest.approx(1, abs=0.01)
        assert found[8] == pytest.approx(float(made[6] @ made[8]), abs=0.01)
        assert vectors.closest(Meaning(made[-4], False), 5)[0] == -4
        assert len(vectors.closest(Meaning(made[-4], False), 5_000)) == len(made)


@pytest.mark.parametrize("cut", [1, 17, RECORD.itemsize - 1])
def test_what_was_half_written_is_cut_off(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "v"
    one = Vectors(path, "m")
    for key in (1, 2):
        one.add(key, vector())
    path.write_bytes(path.read_bytes()[:-cut])
    after = Vectors(path, "m")
    assert after.keys() == {1}
    after.add(3, vector())
    assert Vectors(path, "m").keys() == {1, 3}


def test_what_is_damaged_is_left_out_and_another_models_are_not_taken(tmp_path: Path) -> None:
    path = tmp_path / "v"
    one = Vectors(path, "m")
    for key in (1, 2, 3):
        one.add(key, vector())
    content = bytearray(path.read_bytes())
    content[HEAD + RECORD.itemsize + 30] ^= 1
    path.write_bytes(content)
    assert Vectors(path, "m").keys() == {1, 3}
    assert len(Vectors(path, "another")) == 0
    assert len(Vectors(path, "m")) == 0
    path.write_bytes(b"rubbish")
    assert len(Vectors(path, "m")) == 0


def test_what_is_removed_is_gone_from_the_file_too(tmp_path: Path) -> None:
    one = Vectors(tmp_path / "v", "m")
    kept = vector()
    for key in (1, 2, 4):
        one.add(key, kept if key == 4 else vector())
    one.remove([1, 2, 9])
    for vectors in (one, Vectors(tmp_path / "v", "m")):
        assert vectors.keys() == {4}
        assert vectors.likeness(Meaning(kept, False), [1, 4])[4] == pytest.approx(1, abs=0.01)


def test_the_other_language_is_given_what_the_model_takes_from_it(tmp_path: Path) -> None:
    one, numbers = Vectors(tmp_path / "v", "m"), vector()
    for text in ("invoice", "发票"):
        one.add(key_of(text), numbers)
    found = one.likeness(Meaning(numbers, True), [key_of("invoice"), key_of("发票")])
    assert found[key_of("invoice")] - found[key_of("发票")] == pytest.approx(OTHER_LANGUAGE, abs=0.001)
