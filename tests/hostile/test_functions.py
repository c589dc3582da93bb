"""What reads people's texts is linear from one end to the other, also where it uses no pattern."""

from collections.abc import Callable

import pytest

from services.intake.information.domain import extract, extract_log
from services.intake.information.records import named_in
from services.intake.tickets.questions import infer_facts, missing_fields
from services.kb.cases.tags import MAX_TAG, extract_tags
from services.kb.search.domain import version_number, versions_in
from services.notify.audiences.domain import Person
from services.notify.channels import parts
from services.notify.channels.domain import DeliveryChannel
from services.notify.channels.email import compose
from services.notify.deliveries.domain import Delivery, Destination
from services.notify.templates.domain import one_line
from services.notify.templates.renderer import Renderer
from services.triage.diagnosis.classifier import classify
from services.triage.logs.analysis import Analysis
from services.triage.logs.operations import operation_of
from services.triage.logs.templates import words_of as words_of_line
from shared import stack_traces
from shared.events import Problem
from shared.mail_threads import MailThreads
from shared.search import Question, common_words
from shared.search.likeness import terms_of_body, terms_of_title
from shared.search.snippets import snippet
from shared.search.words import terms_of, words_of
from shared.testing import LIU, NOON
from shared.texts import is_email_address, plain
from shared.uploads.file_names import clean, file_name, has_file_name
from tests.hostile.growth import grows_faster_than_text
from tests.hostile.texts import TEXTS
from tests.intake.products.scene import products
from tests.notify.samples import TICKET, opened, posted

RENDERER = Renderer()
# Also names that some of the texts are full of.
RECORDS = products({"key": "a", "name_zh": "环通", "aliases": ["aa", "导出", "11", "v1", "错误错误", "at"],
                    "modules": [{"key": "b", "name_zh": "报表", "aliases": ["a a a", "导出导出"]}],
                    "versions": [{"name": "1.1"}, {"name": "a1"}]})  # fmt: skip


def told(text: str) -> Problem:
    return Problem(title=text[:200], description=text)


def find(text: str) -> object:
    return stack_traces.fingerprints(stack_traces.find(text))


def find_twice(text: str) -> object:
    """After what makes the reader expect frames of each kind."""
    heads = "panic: x\n", "java.lang.IllegalStateException: x\n", "Traceback (most recent call last):\n"
    return [stack_traces.find(head + text) for head in heads]


def analyse(text: str) -> object:
    analysis = Analysis(2026)
    for line in (text, f"2026-03-02 12:00:01 ERROR {text}"):
        analysis.feed(line)
    return analysis.finish()


BY_MAIL = Destination(channel=DeliveryChannel.EMAIL, address="wang@huadong.example")


def mail(text: str) -> bytes:
    event = posted(text, LIU, by_staff=True)
    person = Person(name=text[:200], email="wang@huadong.example")
    audience = {"customer": person, "title": text[:200], "company": "", "solution": text}
    values = {"ticket": TICKET, "event": event, "audience": audience}
    content = RENDERER.render("reply", "zh", str, values)
    delivery = Delivery.to_person(event, "reply", person, content, BY_MAIL, NOON)
    return compose(delivery.message(), "desk@bihuan.example", "localhost", MailThreads("x" * 32), "help@bihuan.example")


WORKS: dict[str, Callable[[str], object]] = {
    "questions: what is said between the lines": lambda text: infer_facts(told(text)),
    "questions: what is missing": lambda text: missing_fields(told(text)),
    "questions: what is recorded": lambda text: named_in.__wrapped__(text[:200], text, RECORDS, "", ""),
    "what a message tells": lambda text: extract.__wrapped__(text[:200], text),  # what is remembered costs nothing
    "what a log tells": extract_log,
    "a text in parts": lambda text: parts.parts_of(parts.plain(text), 2048, 5),
    "a file's name in a header": lambda text: (has_file_name(text), file_name(text)),
    "a file's name": clean,
    "category and priority": lambda text: classify(told(text)),
    "stack traces": find,
    "stack traces that have begun": find_twice,
    "a log": analyse,
    "a line of a log": lambda text: (words_of_line(text[:2000]), operation_of(f"user {text[:2000]}", "")),
    "tags": lambda text: extract_tags(told(text)),
    "likeness": lambda text: (terms_of_title(text, 1_000_000), terms_of_body(text, 1_000_000)),
    "common words": lambda text: common_words(text, text, 1_000_000),
    "versions": lambda text: (versions_in(text), version_number(text)),
    "questions": lambda text: [Question.of(one, 1_000_000) for one in (text, f"title\n{text}")],
    "terms of tickets": lambda text: terms_of(text, 1_000_000),
    "words that are looked for": lambda text: words_of(text, 1_000_000),
    "snippets": lambda text: snippet([("description", text)], words_of(f"导出 {text}", 200)),
    "a mail": mail,
    "one line": one_line,
    "a mail address": lambda text: (is_email_address(text), is_email_address(f"a@{text}")),
    "plain text": lambda text: plain(text, 100_000),
}


@pytest.mark.parametrize("name", WORKS)
def test_it_is_linear(name: str) -> None:
    assert [slow for text_of in TEXTS if (slow := grows_faster_than_text(WORKS[name], text_of))] == []


def test_work_that_is_not_linear_is_found_out() -> None:
    def each_with_each(text: str) -> int:
        return sum(text.count(letter) for letter in text)

    assert "times as long" in grows_faster_than_text(each_with_each, TEXTS[0])


def test_what_is_read_between_the_lines_is_short() -> None:
    found = [infer_facts(told(text_of(5000))) for text_of in TEXTS]
    assert max(len(one.environment) + len(one.product_version) for one in found) < 40
    assert max(len(tag) for text_of in TEXTS for tag in extract_tags(told(text_of(5000)))) <= MAX_TAG


@pytest.mark.parametrize("letter", ["\ufdfa", "\u0315\u0300", "Ａ", "e\u0301", "\u1112\u1161\u11ab", "①", "㎡"])
def test_plain_text_is_never_longer_than_it_may_be(letter: str) -> None:
    assert len(plain(letter * 5000, 4000)) <= 4000


def test_a_rendered_title_is_bounded() -> None:
    values = {"ticket": TICKET, "event": opened(), "audience": {"title": "长" * 9000, "customer": LIU}}
    assert len(RENDERER.render("opened", "en", str, values).title) <= 180
