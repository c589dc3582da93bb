"""Pages from templates. Whatever people wrote is escaped by the engine, in every template and without exception."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.intake.pages.words import WORDS
from shared.terms import Term, Text

TIME_ZONE = ZoneInfo("Asia/Shanghai")
INTAKE = Path(__file__).resolve().parents[1]
STYLE = (INTAKE / "pages" / "templates" / "style.css").read_text("utf-8")
STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
# No script at all, and of styles only the one that we wrote.
POLICY = (
    f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; img-src data: 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
# A page that is kept up to date where scripts run: it has this one and no other, which reads pages of ours alone.
LIVE = (INTAKE / "pages" / "templates" / "live.js").read_text("utf-8")
LIVE_SOURCES = (
    f"; script-src 'sha256-{base64.b64encode(hashlib.sha256(LIVE.encode()).digest()).decode()}'; connect-src 'self'"
)
LIVE_POLICY = POLICY + LIVE_SOURCES


@dataclass(frozen=True)
class Brand:
    """`logo` is a `data:` address, or empty."""

    name: str
    logo: str = ""


class Pages:
    """All templates of customers' pages; `words` are those of a noun beside those of the frame."""

    def __init__(self, brand: Brand, words: Mapping[str, Text]) -> None:
        environment = Environment(
            loader=FileSystemLoader(INTAKE),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        environment.globals |= {"brand": brand, "style": STYLE, "live": LIVE}
        self._environment = environment
        self._words = {**WORDS, **words}

    def render(self, template: str, language: str, **values: object) -> str:
        """`template` is named by its path in the service. In it, `t(name, …)` is a word in the reader's language,
        `label(term)` a term, `moment(at)` a time for people, `size(bytes)` a size."""

        return self._environment.get_template(template).render(
            **values,
            language=language,
            t=self.words(language),
            text=lambda one: Text(one.en, one.zh).in_(language),
            label=lambda term: _label(term, language),
            moment=moment,
            size=size,
        )

    def both(self, name: str) -> Text:
        return self._words[name]

    def words(self, language: str) -> Callable[..., str]:
        def t(name: str, *given: object) -> str:
            said = self._words[name].in_(language)
            return said.format(*given) if given else said

        return t


def moment(at: datetime) -> str:
    return f"{at.astimezone(TIME_ZONE):%Y-%m-%d %H:%M}"


def size(count: int) -> str:
    if count < 1024:
        return f"{count} B"
    return f"{count / 1024:.0f} KB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"


def _label(term: Term, language: str) -> str:
    """As it begins a line."""
    said = term.label.in_(language)
    return said[:1].upper() + said[1:]
