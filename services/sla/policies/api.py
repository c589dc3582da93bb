"""SLA policies over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.sla.policies.domain import Policy
from services.sla.policies.handlers import PolicyHandlers
from services.sla.policies.views import (
    OutcomeView,
    PolicyBody,
    PolicyView,
    RetirementBody,
    SimulationBody,
    SimulationView,
)
from shared.http import Caller, Page, may, tagged
from shared.terms import Id

router = APIRouter(prefix="/v1", tags=["policies"])


async def handlers(request: Request) -> PolicyHandlers:
    found: PolicyHandlers = request.app.state.service.policies
    return found


Handlers = Annotated[PolicyHandlers, Depends(handlers)]


def shown(policy: Policy, policies: PolicyHandlers, response: Response) -> PolicyView:
    tagged(response, policy)
    return PolicyView.of(policy, policies.now())


@router.get("/policies")
async def list_policies(policies: Handlers, _: Annotated[Caller, may("policy:read")]) -> Page[PolicyView]:
    """List policies by what they are for, the default first, on one page."""
    found = [policy async for policy in policies.store.all()]
    found.sort(key=lambda policy: (tuple(policy.match.model_dump().values()), policy.id))
    return Page(items=[PolicyView.of(policy, policies.now()) for policy in found])


@router.get("/policies/{policy}")
async def read_policy(
    policy: Id, policies: Handlers, _: Annotated[Caller, may("policy:read")], response: Response
) -> PolicyView:
    """The targets of a company's tickets, now and in other versions."""
    return shown(await policies.store.get(policy), policies, response)


@router.put("/policies/{policy}")
async def put_policy(
    policy: Id,
    body: PolicyBody,
    policies: Handlers,
    caller: Annotated[Caller, may("policy:change")],
    response: Response,
) -> PolicyView:
    """Set other targets from a day on. Tickets that are open keep theirs."""
    draft = body.draft(policy)
    new = await policies.put(policy, draft.match, draft.valid_from, draft.terms, caller.origin)
    return shown(new, policies, response)


@router.post("/policies/{policy}/retirement")
async def retire_policy(
    policy: Id,
    body: RetirementBody,
    policies: Handlers,
    caller: Annotated[Caller, may("policy:change")],
    response: Response,
) -> PolicyView:
    """From a day on no ticket is opened under it. Tickets that are open keep it; another version brings it back."""
    return shown(await policies.retire(policy, body.valid_from, caller.origin), policies, response)


@router.post("/policy-simulations")
async def simulate_policies(
    body: SimulationBody, policies: Handlers, caller: Annotated[Caller, may("policy:read")]
) -> SimulationView:
    """Which policy would hold for a ticket, why, and when its clocks would be due; also if a version were set that is
    not. Nothing is changed."""
    draft = body.draft.draft(body.draft.policy) if body.draft else None
    present, drafted = await policies.simulate(body.case(policies.now()), draft)
    return SimulationView(
        present=OutcomeView.of(present, caller.language),
        draft=OutcomeView.of(drafted, caller.language) if drafted else None,
    )
