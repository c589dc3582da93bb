"""What is said around notifications: titles of digests, what a robot says of several, what stands on a card. From the
catalogue `phrases`, whose entries are templates, with a context that is their name."""

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.notify.templates.catalogues import LOCALES, catalogue

READERS = "phrases"
_environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
_compiled = {
    (one.context, language): _environment.from_string(str(one.string))
    for language in LOCALES
    for one in catalogue(READERS, language)
    if one.context
}


def phrase(name: str, language: str, **values: object) -> str:
    """In English where the language is none of ours."""
    return _compiled[name, "zh" if language.startswith("zh") else "en"].render(values)
