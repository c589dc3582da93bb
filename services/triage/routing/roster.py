"""Lists of engineers as spreadsheets write them: CSV (RFC 4180) with a line of column names."""

import csv
import io
import re

from services.triage.routing.skills import skill_of
from shared.domain import Invalid

MAX_ROWS = 500
SEPARATORS = re.compile(r"[;；|\n]")
COLUMNS = {
    "账号": "id",
    "姓名": "name",
    "邮箱": "email",
    "语言": "language",
    "级别": "level",
    "技能": "skills",
    "上限": "capacity",
    "权重": "weight",
    "团队": "teams",
    "时区": "zone",
}
WHOLE = re.compile(r"[0-9]{1,4}")
DECIMAL = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4})?")


def engineers_of(text: str) -> list[dict[str, object]]:
    """Each row by its columns, which are named in English or in Chinese; cells with several values have `;` between
    them, a skill is written `product:ERP:4`. Raises Invalid."""
    lines = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        head = [name.strip() for name in next(lines, [])]
        rows = [line for _, line in zip(range(MAX_ROWS + 1), filter(any, lines), strict=False)]
    except csv.Error as error:
        raise Invalid(f"This is no CSV: {error}", "内容不是有效的 CSV", "body.csv") from None
    names = [COLUMNS.get(name, name.lower()) for name in head]
    if strange := [name for name in names if name not in COLUMNS.values()]:
        raise Invalid(f"There is no column {strange[0]}", f"没有“{strange[0]}”这一列", "body.csv")
    if len(names) != len(set(names)) or "id" not in names:
        raise Invalid("One column is `id`, and none is there twice", "必须有账号列，且列名不能重复", "body.csv")
    if len(rows) > MAX_ROWS:
        raise Invalid(f"There can be {MAX_ROWS} rows at most", f"一次最多导入 {MAX_ROWS} 行", "body.csv")
    return [{name: cell.strip() for name, cell in zip(names, line, strict=False) if cell.strip()} for line in rows]


def read_cells(row: dict[str, object]) -> dict[str, object]:
    """The same with lists and numbers where a cell means them. Raises InvalidValue for a skill that is none."""
    found = dict(row)
    for name in ("skills", "teams"):
        if name in row:
            found[name] = [part for one in SEPARATORS.split(str(row[name])) if (part := one.strip())]
    if "skills" in found:
        found["skills"] = [skill_of(one) for one in found["skills"]]  # type: ignore[attr-defined]
    if WHOLE.fullmatch(str(row.get("capacity", ""))):
        found["capacity"] = int(str(row["capacity"]))
    if DECIMAL.fullmatch(str(row.get("weight", ""))):
        found["weight"] = float(str(row["weight"]))
    return found
