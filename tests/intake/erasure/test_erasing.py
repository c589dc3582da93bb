"""Words are blanked, names are taken out, and nothing else."""

from datetime import UTC, datetime

from shared.erasing import ERASED, Needles, blanked
from shared.terms import Stage

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def test_words_are_blanked_and_the_rest_stays() -> None:
    doc = {"title": "x", "empty": "", "n": 1, "at": NOW, "stage": Stage.INTAKE, "_id": "T", "list": [{"text": "y"}]}
    assert blanked({**doc, "by": "l-qian"}, {"by"}) == {
        "title": ERASED,
        "empty": "",
        "n": 1,
        "at": NOW,
        "stage": Stage.INTAKE,
        "_id": "T",
        "list": [{"text": ERASED}],
        "by": "l-qian",
    }


def test_what_names_a_person_is_taken_out_wherever_it_is() -> None:
    needles = Needles(["wang@x.example", "u-wang", "13800138000", "u1", ""])
    text = {"a": ["写给 WANG@x.example，电话 +86 13800138000", "u1", "u12"], "b": {"c": "u-wang key"}}
    assert needles.are_in(text)
    assert needles.are_in(b"...wang@x.example...")
    clean = needles.scrubbed(text)
    assert not needles.are_in(clean)
    assert clean == {"a": [f"写给 {ERASED}，电话 +86 {ERASED}", ERASED, "u12"], "b": {"c": f"{ERASED} key"}}
    assert Needles([]).scrubbed("x") == "x"
    assert not Needles([]).are_in(["x"])
