"""Imports of companies and contacts over HTTP, for staff."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import Field, ValidationError

from services.intake.directory.imports import ImportHandlers
from services.intake.directory.sheets import COMPANY_COLUMNS, CONTACT_COLUMNS, MAX_ROWS, rows_of
from services.intake.directory.views import NewCompany, NewContact, facts_of
from shared.domain import Refusal
from shared.http import Body, Caller, example, may
from shared.http.imports import ImportReport, not_valid, require_one_form
from shared.imports import Facts
from shared.terms import OptionalLine, YesOrNo
from shared.texts import off_loop

router = APIRouter(prefix="/v1", tags=["imports"])
Sheet = Annotated[str, Field(max_length=900_000)]


async def handlers(request: Request) -> ImportHandlers:
    found: ImportHandlers = request.app.state.service.imports
    return found


Handlers = Annotated[ImportHandlers, Depends(handlers)]
MayImport = Annotated[Caller, may("directory:import")]


class ContactRow(NewContact):
    company: OptionalLine = ""
    """Their company, by the id of its record, by its name or by an alias"""


class CompanyImport(Body):
    model_config = example(dry_run=True, rows=[{"name": "华东贸易有限公司", "domains": ["huadong.example"]}])

    dry_run: YesOrNo = True
    """Whether to say what would happen, and change nothing"""
    rows: list[NewCompany] = Field(default_factory=list, max_length=MAX_ROWS)
    """Companies"""
    csv: Sheet = ""
    """The same as CSV in place of `rows`: the first line names the columns (name, aliases, domains, phones, tier,
    owner, policy, notes, or 名称, 别名, 邮箱域名, 电话, 等级, 负责人, 策略, 备注); several values in a cell have
    `;` between them"""


class ContactImport(Body):
    model_config = example(dry_run=True, csv="姓名,企业,邮箱\n王敏,华东贸易有限公司,wang.min@huadong.example\n")

    dry_run: YesOrNo = True
    """Whether to say what would happen, and change nothing"""
    rows: list[ContactRow] = Field(default_factory=list, max_length=MAX_ROWS)
    """Contacts"""
    csv: Sheet = ""
    """The same as CSV in place of `rows`: the first line names the columns (name, company, position, language, subs,
    emails, phones, addresses, notes, or 姓名, 企业, 职位, 语言, 账号, 邮箱, 电话, 通讯账号, 备注); several values in a
    cell have `;` between them"""


@router.post("/company-imports")
async def import_companies(body: CompanyImport, imports: Handlers, caller: MayImport) -> ImportReport:
    """Record many companies, or complete those that there are. The same rows again change nothing; a row that
    contradicts the records is refused, and the others are taken."""
    rows = await _rows(body.rows, body.csv, COMPANY_COLUMNS, NewCompany.model_validate)
    return ImportReport.of(await imports.companies(rows, body.dry_run, caller.origin), body.dry_run, caller.language)


@router.post("/contact-imports")
async def import_contacts(body: ContactImport, imports: Handlers, caller: MayImport) -> ImportReport:
    """Record many contacts, or complete those that there are, after their companies. Nobody is taken for another
    because of a name or a telephone number."""
    rows = await _rows(body.rows, body.csv, CONTACT_COLUMNS, ContactRow.model_validate)
    return ImportReport.of(await imports.contacts(rows, body.dry_run, caller.origin), body.dry_run, caller.language)


async def _rows(
    rows: Sequence[Body], csv: str, columns: Mapping[str, str], read: Callable[[object], Body]
) -> list[Facts | Refusal]:
    """Raises Invalid."""
    require_one_form(rows, csv)
    if rows:
        return [facts_of(row) for row in rows]
    return [_read(row, read) for row in await off_loop(len(csv), rows_of, csv, columns)]


def _read(row: Mapping[str, object], read: Callable[[object], Body]) -> Facts | Refusal:
    try:
        return facts_of(read(row))
    except ValidationError as error:
        return not_valid(error)
