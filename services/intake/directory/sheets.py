"""Tables of companies and contacts as spreadsheets write them."""

from collections.abc import Mapping

from shared import sheets

MAX_ROWS = 1_000
LISTS = frozenset({"aliases", "domains", "phones", "subs", "emails", "addresses"})
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
    """Each row by its columns; cells with several values have `;` between them. Raises Invalid."""
    return [
        {name: sheets.several(cell) if name in LISTS else cell for name, cell in row.items()}
        for row in sheets.rows_of(text, columns, "name", MAX_ROWS)
    ]
