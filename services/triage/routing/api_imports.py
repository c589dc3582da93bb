"""Imports of engineers over HTTP."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import Field, ValidationError

from services.triage.routing.domain import Profile
from services.triage.routing.imports import ImportHandlers
from services.triage.routing.roster import MAX_ROWS, engineers_of, read_cells
from shared.domain import Invalid, Refusal
from shared.http import Body, Caller, example, may
from shared.http.imports import ImportReport, not_valid, require_one_form
from shared.imports import Facts
from shared.terms import InvalidValue, OptionalLine, Subject, YesOrNo
from shared.texts import off_loop

router = APIRouter(prefix="/v1", tags=["engineers"])


class EngineerRow(Profile):
    id: Subject
    """Who it is, as a subject"""
    name: OptionalLine = ""
    """Their name; of somebody new it must be there"""


class EngineerImport(Body):
    model_config = example(dry_run=True, csv="账号,姓名,级别,技能\ne-chen,陈宇,senior,category:function:4\n")

    dry_run: YesOrNo = True
    """Whether to say what would happen, and change nothing"""
    rows: list[EngineerRow] = Field(default_factory=list, max_length=MAX_ROWS)
    """Engineers"""
    csv: str = Field("", max_length=300_000)
    """The same as CSV in place of `rows`: the first line names the columns (id, name, email, language, level, skills,
    capacity, weight, teams, zone, or 账号, 姓名, 邮箱, 语言, 级别, 技能, 上限, 权重, 团队, 时区); several values in a
    cell have `;` between them, a skill is written product:ERP:4"""


async def handlers(request: Request) -> ImportHandlers:
    found: ImportHandlers = request.app.state.service.imports
    return found


@router.post("/engineer-imports")
async def import_engineers(
    body: EngineerImport,
    imports: Annotated[ImportHandlers, Depends(handlers)],
    caller: Annotated[Caller, may("engineer:manage")],
) -> ImportReport:
    """Enter many engineers, or change those that there are: what a row does not say stays as it is, and the same rows
    again change nothing. A row that is wrong is refused, and the others are taken."""
    done = await imports.run(await _rows(body), body.dry_run, caller.origin)
    return ImportReport.of(done, body.dry_run, caller.language)


async def _rows(body: EngineerImport) -> Sequence[Facts | Refusal]:
    """Raises Invalid."""
    require_one_form(body.rows, body.csv)
    if body.rows:
        return [_facts(row) for row in body.rows]
    return [_read(row) for row in await off_loop(len(body.csv), engineers_of, body.csv)]


def _facts(row: EngineerRow) -> Facts:
    return {name: getattr(row, name) for name in row.model_fields_set if name != "name" or row.name}


def _read(row: Mapping[str, str]) -> Facts | Refusal:
    try:
        return _facts(EngineerRow.model_validate(read_cells(row)))
    except ValidationError as error:
        return not_valid(error)
    except InvalidValue as error:
        return Invalid(*error.text)
