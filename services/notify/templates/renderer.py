"""Rendering of messages from templates."""

from collections.abc import Callable, Mapping
from functools import partial
from zoneinfo import ZoneInfo

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.notify.templates.customer_texts import CUSTOMER_TEMPLATES
from services.notify.templates.domain import Content, local_time, one_line
from services.notify.templates.knowledge_texts import KNOWLEDGE_TEMPLATES
from services.notify.templates.outside_texts import OUTSIDE_TEMPLATES
from services.notify.templates.staff_texts import STAFF_TEMPLATES
from shared.terms import Term

LANGUAGES = ("zh", "en")
TIME_ZONE = ZoneInfo("Asia/Shanghai")
MAX_TITLE_LENGTH = 180
# Every template can use: `ticket` its number, `event` what happened, `audience` whom the ticket concerns (not where an
# event is about no ticket), `link("action")` a signed link, `label(term)` and `translated(value)` in the reader's
# language, `local_time(moment)`. Placeholders are the same in both languages; a test sees to it.
TEMPLATES = CUSTOMER_TEMPLATES | STAFF_TEMPLATES | OUTSIDE_TEMPLATES | KNOWLEDGE_TEMPLATES


class Renderer:
    """All templates, compiled. What customers wrote is only ever a value in them, never a template."""

    def __init__(self) -> None:
        # Plain text, so nothing is escaped: a customer's `<` must stay one.
        environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
        self._compiled: dict[tuple[str, str], tuple[Template, Template]] = {
            (name, language): (environment.from_string(template.title), environment.from_string(template.text))
            for name, translations in TEMPLATES.items()
            for language, template in translations.items()
        }

    def render(
        self,
        name: str,
        language: str,
        link: Callable[[str], str],
        values: Mapping[str, object],
        zone: ZoneInfo = TIME_ZONE,
    ) -> Content:
        title, text = self._compiled[name, language]
        known = {
            **values,
            "link": link,
            "label": lambda term: _label(term, language),
            "translated": lambda value: getattr(value, language),
            "local_time": partial(local_time, zone=zone),
        }
        return Content(title=one_line(title.render(known))[:MAX_TITLE_LENGTH], text=text.render(known).strip())


def _label(term: Term, language: str) -> str:
    return term.label.in_(language)
