"""What a ticket was diagnosed as and why, and what rules would make of it."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from services.triage.diagnosis.api import Handlers
from services.triage.diagnosis.views import DiagnosisView, view_of
from services.triage.diagnosis_rules.domain import DiagnosisRule, RuleSettings, in_order
from services.triage.work.access import Work
from shared.events import Problem
from shared.http import Body, Caller, View, example, may, tagged
from shared.terms import Channel, Id, Known, OptionalLine, OptionalParagraph, Whole, YesOrNo

router = APIRouter(tags=["diagnosis"])


class DraftRule(RuleSettings, Body):
    rule: Id
    """The rule that it would be a version of, or the id of a new one"""


class DiagnosisSimulation(Body):
    """A ticket that there is, or one that might be opened; and a rule that is not set."""

    model_config = example(title="支付失败", description="客户付不了款", tier="gold")

    ticket: Id | None = None
    """The number of a ticket; what else is given of the problem is not looked at"""
    title: OptionalLine = ""
    """Of the request"""
    description: OptionalParagraph = ""
    """What the customer writes"""
    error_text: OptionalParagraph = ""
    """The error message"""
    product: OptionalLine = ""
    """What it is about"""
    module: OptionalLine = ""
    """Which part of it"""
    users_affected: Annotated[Whole, Field(ge=0, le=10_000_000)] | None = None
    """How many"""
    business_blocked: YesOrNo | None = None
    """Whether business is blocked"""
    tier: OptionalLine = ""
    """The tier of the customer"""
    channel: Known[Channel] = Channel.ONLINE
    """How it came"""
    draft: DraftRule | None = None
    """A rule that is not set; what it would change is shown beside what holds"""


class DiagnosisSimulationView(View):
    present: DiagnosisView
    """What such a ticket is diagnosed as"""
    draft: DiagnosisView | None
    """What it would be with the draft; null without one"""


@router.get("/v1/tickets/{ticket}/work/diagnosis")
async def read_diagnosis(
    ticket: Id, work: Work, diagnosis: Handlers, _: Annotated[Caller, may("work:read")], response: Response
) -> DiagnosisView:
    """Category and priority of a ticket, how sure they are, and which words, answers, cases and rules spoke for
    them."""
    item = await work.store.get(ticket)
    tagged(response, item)
    return view_of(item, await diagnosis.categories.known())


@router.post("/v1/diagnosis-simulations")
async def simulate_diagnosis(
    body: DiagnosisSimulation,
    work: Work,
    diagnosis: Handlers,
    caller: Annotated[Caller, may("diagnosis_rule:read")],
) -> DiagnosisSimulationView:
    """What a ticket would be diagnosed as now, also with a rule that is not set. Nothing is changed."""
    problem, tier, channel = Problem.model_validate(body.model_dump()), body.tier, body.channel
    if body.ticket:
        item = await work.store.get(body.ticket)
        problem, tier, channel = item.problem, item.tier, item.channel
    categories = await diagnosis.categories.known()
    present = view_of(await diagnosis.diagnose(problem, tier, channel), categories)
    if body.draft is None:
        return DiagnosisSimulationView(present=present, draft=None)
    await diagnosis.rules.ensure_valid(body.draft)
    drafted = DiagnosisRule(id=body.draft.rule)
    drafted.set_up(body.draft, caller.principal.sub, diagnosis.now())
    others = [one for one in await diagnosis.rules.active() if one.id != drafted.id]
    found = await diagnosis.diagnose(problem, tier, channel, in_order([*others, drafted]))
    return DiagnosisSimulationView(present=present, draft=view_of(found, categories))
