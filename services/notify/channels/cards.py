"""WeCom's card to pick the usual answers of guided questions from
(https://developer.work.weixin.qq.com/document/path/90236, `multiple_interaction`). intake hears what was picked, by the
names that are given here."""

from collections.abc import Sequence
from typing import Any

from shared.terms import Text
from shared.usual_answers import USUAL_ANSWERS

MOST_SELECTORS = 3
TITLE = Text("Quick answers", "快捷作答")
HINT = Text("Pick what applies, or reply in your own words.", "请选择符合的选项，也可以直接回复文字。")
UNSURE = Text("(please select)", "（请选择）")
SUBMIT = Text("Submit", "提交")


def card_of(ticket: str, asked: Sequence[str], language: str, id: str) -> dict[str, Any] | None:
    """None where nothing that was asked has usual answers. The first option is what is picked when nobody picks."""
    fields = [field for field in asked if field in USUAL_ANSWERS][:MOST_SELECTORS]
    if not fields:
        return None
    return {
        "card_type": "multiple_interaction",
        "main_title": {"title": f"{TITLE.in_(language)} {ticket}", "desc": HINT.in_(language)},
        "task_id": f"{ticket}@{id}",
        "select_list": [_selector(field, language) for field in fields],
        "submit_button": {"text": SUBMIT.in_(language), "key": language},
    }


def _selector(field: str, language: str) -> dict[str, Any]:
    usual = USUAL_ANSWERS[field]
    options = [{"id": "0", "text": UNSURE.in_(language)}]
    options += [{"id": str(number), "text": one.in_(language)} for number, one in enumerate(usual.answers, start=1)]
    return {"question_key": field, "title": usual.label.in_(language), "option_list": options}
