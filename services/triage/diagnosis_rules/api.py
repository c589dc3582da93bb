"""Rules over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.triage.diagnosis_rules.domain import DiagnosisRule
from services.triage.diagnosis_rules.handlers import RuleHandlers
from services.triage.diagnosis_rules.views import RuleBody, RuleView
from shared.http import Caller, Page, may, tagged
from shared.terms import Id

router = APIRouter(prefix="/v1/diagnosis-rules", tags=["diagnosis rules"])


async def handlers(request: Request) -> RuleHandlers:
    found: RuleHandlers = request.app.state.service.rules
    return found


Handlers = Annotated[RuleHandlers, Depends(handlers)]
MayRead = Annotated[Caller, may("diagnosis_rule:read")]
MayManage = Annotated[Caller, may("diagnosis_rule:manage")]


def shown(rule: DiagnosisRule, response: Response) -> RuleView:
    tagged(response, rule)
    return RuleView.of(rule)


@router.get("")
async def list_diagnosis_rules(rules: Handlers, _: MayRead) -> Page[RuleView]:
    """All rules in the order in which they are asked, on one page, also those that are retired."""
    return Page(items=[RuleView.of(one) for one in await rules.all()])


@router.get("/{rule}")
async def read_diagnosis_rule(rule: Id, rules: Handlers, _: MayRead, response: Response) -> RuleView:
    """A rule in all its versions."""
    return shown(await rules.get(rule), response)


@router.put("/{rule}")
async def put_diagnosis_rule(
    rule: Id, body: RuleBody, rules: Handlers, caller: MayManage, response: Response
) -> RuleView:
    """Enter a rule, write another version of it, or bring it back. Of priority, category and queue each is decided by
    the first rule that says anything about it; tickets that are diagnosed already stay as they are."""
    return shown(await rules.put(rule, body, caller.origin), response)


@router.post("/{rule}/retirement")
async def retire_diagnosis_rule(rule: Id, rules: Handlers, caller: MayManage, response: Response) -> RuleView:
    """It is not asked any more. Diagnoses that name it stay as they are."""
    return shown(await rules.retire(rule, caller.origin), response)
