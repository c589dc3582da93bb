"""`python -m deploy.catalogues`: carries the English texts of notifications over into the other catalogues.

What is new in English, or has changed, is marked as fuzzy there until somebody has translated it and takes the mark
away; what English no longer has is left out.
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from services.notify.deliveries.rules import RULES
from services.notify.templates.catalogues import FOLDER, LOCALES, catalogue, path_of

HEAD = """\
msgid ""
msgstr ""
"Project-Id-Version: bihuan\\n"
"Language: {locale}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
FORMATS = {"python-format", "python-brace-format"}  # which the braces of a template look like, and are not
WIDTH = 116


def carried_over(english: Catalog, before: Catalog) -> Catalog:
    """`before` with what `english` has now."""
    known = {one.context: one for one in before if one.context}
    carried = Catalog(locale=before.locale)
    for one in english:
        if not one.context:
            continue
        source, old = str(one.string), known.get(one.context)
        string = source if before is english else str(old.string) if old else ""
        changed = before is not english and (old is None or old.id != source or old.fuzzy)
        said = carried.add(source, string, context=one.context, auto_comments=events_of(one.context))
        said.flags = {"fuzzy"} if changed else set()
    return carried


def events_of(context: str) -> list[str]:
    """For translators: which events are told of in these words, and to whom."""
    name = context.rpartition(".")[0]
    return [f"{kind.kind}: {rule.to}" for kind, rules in RULES.items() for rule in rules if rule.template == name]


def as_po(found: Catalog, locale: str) -> bytes:
    out = BytesIO()
    for one in found:
        one.flags -= FORMATS
    write_po(out, found, width=WIDTH, omit_header=True)
    return (HEAD.format(locale=locale) + out.getvalue().decode().strip() + "\n").encode()


def catalogues() -> dict[Path, bytes]:
    """All of them, as they are to be."""
    found = {}
    for english in sorted((FOLDER / "en").rglob("*.po")):
        source = catalogue(english.stem, "en")
        for language in LOCALES:
            before = source if language == "en" else catalogue(english.stem, language)
            found[path_of(english.stem, language)] = as_po(carried_over(source, before), LOCALES[language])
    return found


def unfinished(content: bytes) -> list[str]:
    """The contexts of what somebody has to translate."""
    found = read_po(BytesIO(content), abort_invalid=True)
    return [one.context for one in found if one.context and (one.fuzzy or not one.string)]


def main() -> int:
    found = catalogues()
    for path, content in found.items():
        path.write_bytes(content)
    left = [f"{path}: {context}" for path, content in found.items() for context in unfinished(content)]
    for one in left:
        print(f"to be translated: {one}", file=sys.stderr)
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
