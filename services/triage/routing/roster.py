"""Lists of engineers as spreadsheets write them."""

import re
from collections.abc import Mapping

from services.triage.routing.skills import skill_of
from shared import sheets

MAX_ROWS = 500
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


def engineers_of(text: str) -> list[dict[str, str]]:
    """Each row by its columns. Raises Invalid."""
    return sheets.rows_of(text, COLUMNS, "id", MAX_ROWS)


def read_cells(row: Mapping[str, str]) -> dict[str, object]:
    """The same with lists and numbers where a cell means them; cells with several values have `;` between them, a skill
    is written `product:ERP:4`. Raises InvalidValue, and ValidationError, for a skill that is none."""
    found: dict[str, object] = dict(row)
    if "teams" in row:
        found["teams"] = sheets.several(row["teams"])
    if "skills" in row:
        found["skills"] = [skill_of(one) for one in sheets.several(row["skills"])]
    if WHOLE.fullmatch(row.get("capacity", "")):
        found["capacity"] = int(row["capacity"])
    if DECIMAL.fullmatch(row.get("weight", "")):
        found["weight"] = float(row["weight"])
    return found
