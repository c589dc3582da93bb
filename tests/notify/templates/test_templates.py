"""What people read."""

import re

import pytest
from babel.messages.catalog import Catalog
from jinja2 import Environment
from jinja2.meta import find_undeclared_variables

from deploy.catalogues import as_po, carried_over, catalogues, unfinished
from services.notify.audiences.domain import Audience
from services.notify.audiences.facts import hear
from services.notify.deliveries.rules import RULES, rules_for
from services.notify.templates.catalogues import TEMPLATES, catalogue
from services.notify.templates.domain import Content, one_line
from services.notify.templates.phrases import READERS, phrase
from services.notify.templates.renderer import LANGUAGES, Renderer
from shared.events import Event, Problem, TriageConsultationConcluded
from tests.notify.samples import ACTION, DRAFTED, EVERY, GAO, VERIFIED, assigned, opened

CHINESE = re.compile(r"[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"\{[{%].*?[%}]\}")


def audience() -> Audience:
    audience = Audience.of(opened())
    hear(audience, assigned())
    hear(audience, VERIFIED)
    return audience


def theirs_of(event: Event) -> object:
    """What an event says of one of those whom it names."""
    return ACTION if isinstance(event, TriageConsultationConcluded) else GAO


def render(name: str, language: str, event: Event, audience: Audience) -> Content:
    values = {"event": event, "ticket": audience.id, "audience": audience, "when": "", "theirs": theirs_of(event)}
    return Renderer().render(name, language, lambda action: f"<{action}>", values)


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_exists_in_both_languages_with_the_same_placeholders(name: str) -> None:
    assert set(TEMPLATES[name]) == set(LANGUAGES)
    zh, en = TEMPLATES[name]["zh"], TEMPLATES[name]["en"]
    for chinese, english in zip(zh, en, strict=True):
        assert sorted(PLACEHOLDER.findall(chinese)) == sorted(PLACEHOLDER.findall(english))
        assert CHINESE.search(PLACEHOLDER.sub("", chinese))
        assert not CHINESE.search(english)


def test_phrases_say_the_same_of_the_same_in_both_languages() -> None:
    english, chinese = ({one.context: str(one.string) for one in catalogue(READERS, one)} for one in ("en", "zh"))
    assert set(english) == set(chinese)
    for name, said in english.items():
        used = [find_undeclared_variables(Environment(autoescape=True).parse(one)) for one in (said, chinese[name])]
        assert used[0] == used[1]
        assert bool(CHINESE.search(chinese[name])) == bool(name)
        assert not CHINESE.search(said)
    assert phrase("digest.changes", "en", changes=2, tickets=1) == "2 updates on 1 subject"
    assert phrase("digest.changes", "zh-CN", changes=3, tickets=2) == "2 个事项，3 条更新"


def test_catalogues_are_complete_and_carry_what_is_said_in_english() -> None:
    found = catalogues()
    assert len(found) == 4 * len(LANGUAGES)
    assert {str(path): unfinished(content) for path, content in found.items() if unfinished(content)} == {}
    # else: make catalogues
    assert [str(path) for path, content in found.items() if path.read_bytes() != content] == []


def test_what_is_new_or_changed_in_english_is_to_be_translated() -> None:
    english, chinese = Catalog(locale="en"), Catalog(locale="zh_CN")
    for name, before, now in (("same", "50 % {{ a }}", "50 % {{ a }}"), ("changed", "Old", "New"), ("new", "", "More")):
        english.add(before or now, now, context=name)
        if before:
            chinese.add(before, "中文 {{ a }}", context=name)
    chinese.add("Gone", "没有了", context="gone")
    carried = as_po(carried_over(english, chinese), "zh_CN")
    assert unfinished(carried) == ["changed", "new"]
    assert [one for one in ("New", "Old", "没有了", "python-format") if one in carried.decode()] == ["New"]


def test_every_rule_has_its_template_and_every_template_its_rule() -> None:
    assert {rule.template for rules in RULES.values() for rule in rules} == set(TEMPLATES)


def test_there_is_a_sample_of_every_event_that_people_are_told_of() -> None:
    assert {type(event) for event in EVERY} == set(RULES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("event", EVERY, ids=lambda event: event.kind)
def test_every_rule_can_be_rendered(event: Event, language: str) -> None:
    rules = rules_for(event)
    assert rules
    for rule in rules:
        content = render(rule.template, language, event, audience())
        assert content.title
        assert "{" not in content.title + content.text
        assert "\n" not in content.title


def test_what_customers_write_is_never_run_as_a_template() -> None:
    nasty = Audience.of(opened(problem=Problem(title="{{ 7 * 7 }} {% raw %}", description="x")))
    assert "{{ 7 * 7 }} {% raw %}" in render("opened", "en", opened(), nasty).title


def test_a_long_title_is_cut() -> None:
    long = Audience.of(opened(problem=Problem(title="长" * 200, description="x")))
    assert len(render("opened", "zh", opened(), long).title) == 180


def test_a_title_never_breaks_the_line() -> None:
    assert one_line("a\r\nBcc: x\x00 \u2028 b") == "a Bcc: x b"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_article_that_a_person_wrote_names_no_ticket(language: str) -> None:
    written = DRAFTED.model_copy(update={"ticket": "", "tags": []})
    content = Renderer().render("article_drafted", language, str, {"event": written})
    assert not re.search("ticket|工单|tags|标签", content.text, re.IGNORECASE)
