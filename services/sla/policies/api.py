"""SLA policies over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.sla.policies.domain import Policy
from services.sla.policies.handlers import PolicyHandlers
from services.sla.policies.views import PolicyBody, PolicyView
from shared.http import Caller, Page, may, tagged
from shared.terms import Id

router = APIRouter(prefix="/v1/policies", tags=["policies"])


async def handlers(request: Request) -> PolicyHandlers:
    found: PolicyHandlers = request.app.state.service.policies
    return found


Handlers = Annotated[PolicyHandlers, Depends(handlers)]


def shown(policy: Policy, policies: PolicyHandlers, response: Response) -> PolicyView:
    tagged(response, policy)
    return PolicyView.of(policy, policies.now())


@router.get("")
async def list_policies(policies: Handlers, _: Annotated[Caller, may("policy:read")]) -> Page[PolicyView]:
    """List policies by company, the default first, on one page."""
    found = sorted([policy async for policy in policies.store.all()], key=lambda policy: policy.company)
    return Page(items=[PolicyView.of(policy, policies.now()) for policy in found])


@router.get("/{policy}")
async def read_policy(
    policy: Id, policies: Handlers, _: Annotated[Caller, may("policy:read")], response: Response
) -> PolicyView:
    """The targets of a company's tickets, now and in other versions."""
    return shown(await policies.store.get(policy), policies, response)


@router.put("/{policy}")
async def put_policy(
    policy: Id,
    body: PolicyBody,
    policies: Handlers,
    caller: Annotated[Caller, may("policy:change")],
    response: Response,
) -> PolicyView:
    """Set other targets from a day on. Tickets that are open keep theirs."""
    new = await policies.put(policy, body.company, body.valid_from, body.calendar, body.targets, caller.origin)
    return shown(new, policies, response)
