"""What people read."""

import re

import pytest

from services.notify.audiences.domain import Contact
from services.notify.deliveries.rules import RULES
from services.notify.templates.renderer import LANGUAGES, TEXTS, Templates
from shared.events import Event, Problem
from tests.notify.samples import EVERY, TICKET, assigned, opened

CHINESE = re.compile(r"[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"\{[{%].*?[%}]\}")


def contact() -> Contact:
    contact = Contact.of(opened())
    contact.assign(assigned())
    contact.solution = "升级到 3.2.1"
    return contact


@pytest.mark.parametrize("name", TEXTS)
def test_every_template_exists_in_both_languages_with_the_same_placeholders(name: str) -> None:
    assert set(TEXTS[name]) == set(LANGUAGES)
    zh, en = TEXTS[name]["zh"], TEXTS[name]["en"]
    for chinese, english in zip(zh, en, strict=True):
        assert sorted(PLACEHOLDER.findall(chinese)) == sorted(PLACEHOLDER.findall(english))
        assert CHINESE.search(PLACEHOLDER.sub("", chinese))
        assert not CHINESE.search(english)


def test_every_rule_has_its_template_and_every_template_its_rule() -> None:
    assert {rule.template for rules in RULES.values() for rule in rules} == set(TEXTS)


def test_there_is_a_sample_of_every_event_that_people_are_told_of() -> None:
    assert {type(event) for event in EVERY} == set(RULES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("event", EVERY, ids=lambda event: event.kind)
def test_every_rule_can_be_put_into_words(event: Event, language: str) -> None:
    told = [rule for rule in RULES[type(event)] if rule.when(event)]
    assert told
    for rule in told:
        words = Templates().words(
            rule.template, language, lambda action: f"<{action}>", event=event, contact=contact(), ticket=TICKET
        )
        assert words.title
        assert "{" not in words.title + words.text
        assert "\n" not in words.title


def test_what_customers_write_is_never_run_as_a_template() -> None:
    nasty = Contact.of(opened(problem=Problem(title="{{ 7 * 7 }} {% raw %}", description="x")))
    words = Templates().words("opened", "en", str, event=opened(), contact=nasty, ticket=TICKET)
    assert "{{ 7 * 7 }} {% raw %}" in words.title


def test_a_long_title_is_cut() -> None:
    long = Contact.of(opened(problem=Problem(title="长" * 200, description="x")))
    words = Templates().words("opened", "zh", str, event=opened(), contact=long, ticket=TICKET)
    assert len(words.title) == 180
