"""WeCom's card to pick the usual answers of guided questions from
(https://developer.work.weixin.qq.com/document/path/90236, `multiple_interaction`). intake hears what was picked, by the
names that are given here."""

from collections.abc import Sequence
from typing import Any

from services.notify.templates.phrases import phrase
from shared.usual_answers import USUAL_ANSWERS

MOST_SELECTORS = 3


def card_of(ticket: str, asked: Sequence[str], language: str, id: str) -> dict[str, Any] | None:
    """None where nothing that was asked has usual answers. The first option is what is picked when nobody picks."""
    fields = [field for field in asked if field in USUAL_ANSWERS][:MOST_SELECTORS]
    if not fields:
        return None
    return {
        "card_type": "multiple_interaction",
        "main_title": {"title": phrase("card.title", language, ticket=ticket), "desc": phrase("card.hint", language)},
        "task_id": f"{ticket}@{id}",
        "select_list": [_selector(field, language) for field in fields],
        "submit_button": {"text": phrase("card.submit", language), "key": language},
    }


def _selector(field: str, language: str) -> dict[str, Any]:
    usual = USUAL_ANSWERS[field]
    options = [{"id": "0", "text": phrase("card.unsure", language)}]
    options += [{"id": str(number), "text": one.in_(language)} for number, one in enumerate(usual.answers, start=1)]
    return {"question_key": field, "title": usual.label.in_(language), "option_list": options}
