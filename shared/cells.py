"""Cells of a spreadsheet: what would be a formula there is made a text, and is read back as it was
(https://owasp.org/www-community/attacks/CSV_Injection)."""

import csv
import io
import unicodedata
from collections.abc import Iterable

MOST_CHARACTERS = 32_000  # a cell of a spreadsheet holds 32,767
CUT = "… （已截断 · truncated）"
BOM = "\ufeff"  # by which spreadsheets know that it is UTF-8
_STARTS = "=+-@\t\r"
_QUOTE = "'"


def starts_formula(text: str) -> bool:
    """Also behind blanks and signs without a width, which programs drop, and in full width (＝, ＋, －, ＠)."""
    for sign in text:
        if sign in "\t\r":
            return True
        if sign.isspace() or unicodedata.category(sign) in ("Cf", "Cc"):
            continue
        return unicodedata.normalize("NFKC", sign) in _STARTS or sign == "−"
    return False


def defused(text: str) -> str:
    """With a quotation mark before it; one that has some already gets one more, so that it can be read back."""
    return f"{_QUOTE}{text}" if starts_formula(text.lstrip(_QUOTE)) else text


def undefused(text: str) -> str:
    return text[1:] if text.startswith(_QUOTE) and starts_formula(text.lstrip(_QUOTE)) else text


def cell(value: object) -> str:
    """Numbers are no text, and can be no formula."""
    if value is None:
        return ""
    text = str(value)
    if isinstance(value, int | float):
        return text
    return defused(text if len(text) <= MOST_CHARACTERS else text[:MOST_CHARACTERS] + CUT)


def line(values: Iterable[object]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([cell(value) for value in values])
    return out.getvalue()
