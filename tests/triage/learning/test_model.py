"""What is learned of labelled texts in two languages, and kept as bytes."""

import io

import numpy as np
import pytest

from services.triage.learning.features import LONGEST, features_of, prepared
from services.triage.learning.model import Model, NotAModel
from services.triage.learning.training import learnable, train, wilson

KINDS = {
    "data": ["数据对不上", "金额不一致", "the totals differ", "records are missing"],
    "function": ["点击导出没反应", "页面报错", "the export button does nothing", "the page crashes"],
}
TEXTS = [(f"{text} {at}", kind) for kind, texts in KINDS.items() for text in texts for at in range(20)]


@pytest.fixture(scope="module")
def model() -> Model:
    return train(*learnable([text for text, _ in TEXTS], [kind for _, kind in TEXTS])).model


def test_it_tells_apart_what_it_has_seen_the_like_of(model: Model) -> None:
    for text, kind in (("月末金额不一致", "data"), ("導出沒反應", "function"), ("The totals differ!", "data")):
        chances = model.probabilities(text)
        assert max(chances, key=lambda one: chances[one]) == kind
        assert sum(chances.values()) == pytest.approx(1)
        assert chances[kind] >= model.accept[kind]


@pytest.mark.parametrize("text", ["", "x", "9f3a" * 5_000, "数" * 20_000, "\ud800"])
def test_any_text_has_an_answer(model: Model, text: str) -> None:
    assert sum(model.probabilities(text).values()) == pytest.approx(1)
    assert len(prepared(text)) <= LONGEST


def test_it_comes_back_from_its_bytes(model: Model) -> None:
    again = Model.from_bytes(model.to_bytes())
    assert again.probabilities("records are missing") == model.probabilities("records are missing")
    assert again.accept == dict(model.accept)


def test_nothing_in_its_bytes_is_run() -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return print, ("run",)

    content = io.BytesIO()
    np.savez(content, head=np.array([Evil()], dtype=object))
    for wrong in (content.getvalue(), b"", b"PK nonsense"):
        with pytest.raises(NotAModel):
            Model.from_bytes(wrong)


def test_rare_labels_are_left_out_and_equal_texts_have_equal_features() -> None:
    assert learnable(["a", *"bbbb"], ["rare", *"oooo"]) == (list("bbbb"), list("oooo"))
    assert np.array_equal(features_of(prepared("ＡＢＣ  Ｄ"))[0], features_of(prepared("abc d"))[0])
    assert wilson(20, 20) < 0.95 < wilson(40, 40)
