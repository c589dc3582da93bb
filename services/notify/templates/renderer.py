"""Rendering of messages from templates."""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.notify.templates.catalogues import LOCALES, PARTS, TEMPLATES
from services.notify.templates.domain import (
    ChannelKind,
    Content,
    MessageTemplate,
    TemplateKey,
    WrittenTemplate,
    local_time,
    one_line,
)
from services.notify.templates.phrases import phrase
from shared.terms import Term

logger = logging.getLogger(__name__)
LANGUAGES = tuple(LOCALES)
TIME_ZONE = ZoneInfo("Asia/Shanghai")
MAX_TITLE_LENGTH = 180
MAX_RENDERED = 200_000  # characters of one that people have written
# Every template can use: `ticket` its number, `event` what happened, `audience` whom the ticket concerns (not where an
# event is about no ticket), `link("action")` a signed link, `label(term)` and `translated(value)` in the reader's
# language, `local_time(moment)`. Placeholders are the same in both languages; a test sees to it.
# What a template that people have written can run into where a value is missing that was there in the sample.
FAILURES = (TemplateError, AttributeError, KeyError, LookupError, OverflowError, RuntimeError, TypeError, ValueError)

Compiled = tuple[Template, Template]
Link = Callable[[str], str]


class Failure(NamedTuple):
    """A version of a template that could not be rendered: the built-in one was used."""

    template: str
    version: int
    error: str

    @property
    def occasion(self) -> str:
        return f"template {self.template}/{self.version}"

    def content(self, language: str) -> Content:
        title, text = (phrase(f"template_failed.{part}", language, **self._asdict()) for part in PARTS)
        return Content(title=title, text=text)


class Renderer:
    """All templates, compiled. What customers wrote is only ever a value in them, never a template. One that a desk
    has written is used in place of the built-in one, unless it fails: `failures` are those that did."""

    def __init__(self) -> None:
        # Plain text, so nothing is escaped: a customer's `<` must stay one.
        self._environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
        self._compiled = {
            (name, language): self._compile(template)
            for name, translations in TEMPLATES.items()
            for language, template in translations.items()
        }
        self._written: dict[str, tuple[int, Compiled]] = {}
        self.failures: list[Failure] = []

    def use(self, written: Mapping[str, WrittenTemplate]) -> None:
        """These in place of the built-in ones, by id."""
        used = {id: one.used for id, one in written.items()}
        before, self._written = self._written, {}
        for id, version in used.items():
            if version is None:
                continue
            known = before.get(id)
            same = known is not None and known[0] == version.number
            compiled = known[1] if known and same else self._compile(MessageTemplate(version.title, version.text))
            self._written[id] = version.number, compiled

    def render(
        self,
        name: str,
        language: str,
        link: Link,
        values: Mapping[str, object],
        zone: ZoneInfo = TIME_ZONE,
        kind: ChannelKind = ChannelKind.ANY,
    ) -> Content:
        for one in dict.fromkeys((kind, ChannelKind.ANY)):
            id = str(TemplateKey(name, one, language))
            if id in self._written:
                version, compiled = self._written[id]
                try:
                    return _filled(compiled, language, link, values, zone)
                except FAILURES as error:
                    logger.error("template %s, version %d, was not rendered: %s", id, version, error)
                    self.failures.append(Failure(id, version, f"{type(error).__name__}: {error}"[:500]))
        return _filled(self._compiled[name, language], language, link, values, zone)

    def try_out(self, said: MessageTemplate, language: str, values: Mapping[str, object], zone: ZoneInfo) -> Content:
        """Raises one of FAILURES."""
        return _filled(self._compile(said), language, lambda action: f"https://…/links/{action}", values, zone)

    def _compile(self, template: MessageTemplate) -> Compiled:
        return self._environment.from_string(template.title), self._environment.from_string(template.text)


def _filled(compiled: Compiled, language: str, link: Link, values: Mapping[str, object], zone: ZoneInfo) -> Content:
    known = {
        **values,
        "link": link,
        "label": lambda term: _label(term, language),
        "translated": lambda value: getattr(value, language),
        "local_time": partial(local_time, zone=zone),
    }
    title, text = (_bounded(template, known) for template in compiled)
    return Content(title=one_line(title)[:MAX_TITLE_LENGTH], text=text.strip())


def _bounded(template: Template, values: Mapping[str, object]) -> str:
    """Raises OverflowError as soon as it is too long."""
    parts, length = [], 0
    for part in template.generate(values):
        parts.append(part)
        length += len(part)
        if length > MAX_RENDERED:
            raise OverflowError(f"more than {MAX_RENDERED} characters")
    return "".join(parts)


def _label(term: Term, language: str) -> str:
    return term.label.in_(language)
