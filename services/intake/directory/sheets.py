"""Tables of records as spreadsheets write them: CSV (RFC 4180) with a line of column names."""

import csv
import io
import re
from collections.abc import Mapping

from shared.domain import Invalid

MAX_ROWS = 1_000
LISTS = frozenset({"aliases", "domains", "phones", "subs", "emails", "addresses"})
SEPARATORS = re.compile(r"[;；|\n]")
COMPANY_COLUMNS = {
    "名称": "name",
    "别名": "aliases",
    "邮箱域名": "domains",
    "电话": "phones",
    "等级": "tier",
    "负责人": "owner",
    "策略": "policy",
    "备注": "notes",
}
CONTACT_COLUMNS = {
    "姓名": "name",
    "企业": "company",
    "职位": "position",
    "语言": "language",
    "账号": "subs",
    "邮箱": "emails",
    "电话": "phones",
    "通讯账号": "addresses",
    "备注": "notes",
}


def rows_of(text: str, columns: Mapping[str, str]) -> list[dict[str, object]]:
    """Each row by its columns, which are named in English or in Chinese; cells with several values have `;` between
    them, empty ones are left out. Raises Invalid."""
    lines = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        head = [name.strip() for name in next(lines, [])]
        found = [line for _, line in zip(range(MAX_ROWS + 1), filter(any, lines), strict=False)]
    except csv.Error as error:
        raise Invalid(f"The CSV cannot be read: {error}", "无法解析 CSV 内容", "body.csv") from None
    names = [columns.get(name, name.lower()) for name in head]
    if unknown := [name for name, known in zip(head, names, strict=True) if known not in columns.values()]:
        raise Invalid(f"Unknown columns: {', '.join(unknown)}", f"无法识别的列：{'、'.join(unknown)}", "body.csv")
    if len(set(names)) != len(names) or "name" not in names:
        raise Invalid("Each column is named once, and one is `name`", "列名不能重复，且必须有名称列", "body.csv")
    if len(found) > MAX_ROWS:
        raise Invalid(f"At most {MAX_ROWS} rows at once", f"每次最多导入 {MAX_ROWS} 行", "body.csv")
    return [_row(names, line) for line in found]


def _row(names: list[str], line: list[str]) -> dict[str, object]:
    cells = {name: cell.strip() for name, cell in zip(names, line, strict=False) if cell.strip()}
    return {name: _several(cell) if name in LISTS else cell for name, cell in cells.items()}


def _several(cell: str) -> list[str]:
    return [part for one in SEPARATORS.split(cell) if (part := one.strip())]
