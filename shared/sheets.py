"""Tables as spreadsheets write them: CSV (RFC 4180) with a line of column names."""

import csv
import io
import re
from collections.abc import Mapping

from shared.domain import Invalid

SEPARATORS = re.compile(r"[;；|\n]")


def read_sheet(text: str, most: int, delimiter: str = ",") -> tuple[list[str], list[list[str]]]:
    """The names of the columns, and the lines below them that are not empty. Raises Invalid for what is no CSV, and for
    more than `most` lines."""
    lines = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter, strict=True)
    try:
        head = [name.strip() for name in next(lines, [])]
        found = [line for _, line in zip(range(most + 1), filter(any, lines), strict=False)]
    except csv.Error as error:
        raise Invalid(f"The CSV cannot be read: {error}", "无法解析 CSV 内容", "body.csv") from None
    if len(found) > most:
        raise Invalid(f"At most {most} rows at once", f"每次最多导入 {most} 行", "body.csv")
    return head, found


def rows_of(text: str, columns: Mapping[str, str], needed: str, most: int) -> list[dict[str, str]]:
    """Each row by its columns, which are named in English or, as in `columns`, in Chinese; empty cells are left out.
    Raises Invalid, also where the column that is `needed` is not there."""
    head, lines = read_sheet(text, most)
    names = [columns.get(name, name.lower()) for name in head]
    if unknown := [name for name, known in zip(head, names, strict=True) if known not in columns.values()]:
        raise Invalid(f"Unknown columns: {', '.join(unknown)}", f"无法识别的列：{'、'.join(unknown)}", "body.csv")
    if len(set(names)) != len(names) or needed not in names:
        label = next(one for one, name in columns.items() if name == needed)
        said = (f"Each column is named once, and one is `{needed}`", f"列名不能重复，且必须有“{label}”列")
        raise Invalid(*said, "body.csv")
    return [{name: cell.strip() for name, cell in zip(names, line, strict=False) if cell.strip()} for line in lines]


def several(cell: str) -> list[str]:
    """The values in a cell that have `;` between them."""
    return [part for one in SEPARATORS.split(cell) if (part := one.strip())]
