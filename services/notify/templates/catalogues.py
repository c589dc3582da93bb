"""The built-in texts, from catalogues that translators open: gettext's PO files
(https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html), one for each language and circle of readers.

A text has two entries, of the contexts `<name>.title` and `<name>.text`; each is a template, and renderer.py says what
it can use. In the English catalogue the translation is what is used, and what the other one translates.
"""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from services.notify.templates.domain import MessageTemplate

FOLDER = Path(__file__).parent / "locale"
LOCALES = {"zh": "zh_CN", "en": "en"}
PARTS = ("title", "text")
Templates = dict[str, dict[str, MessageTemplate]]  # by name and language


def path_of(readers: str, language: str) -> Path:
    return FOLDER / LOCALES[language] / "LC_MESSAGES" / f"{readers}.po"


def catalogue(readers: str, language: str) -> Catalog:
    with path_of(readers, language).open("rb") as file:
        return read_po(file, locale=LOCALES[language], abort_invalid=True)


def templates(readers: str) -> Templates:
    found: Templates = {}
    for language in LOCALES:
        said = {one.context: str(one.string) for one in catalogue(readers, language) if one.context}
        for name in dict.fromkeys(context.rpartition(".")[0] for context in said):
            parts = (said[f"{name}.{part}"] for part in PARTS)
            found.setdefault(name, {})[language] = MessageTemplate(*parts)
    return found


CUSTOMER_TEMPLATES = templates("customers")
OUTSIDE_TEMPLATES = templates("outside")  # third parties, and staff about them
STAFF_TEMPLATES = templates("staff")
TEMPLATES = CUSTOMER_TEMPLATES | STAFF_TEMPLATES | OUTSIDE_TEMPLATES
