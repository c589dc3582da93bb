"""SLA policies over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.sla.policies.domain import Policy
from services.sla.policies.handlers import PolicyHandlers
from services.sla.policies.views import PolicyBody, PolicyList, PolicyView
from shared.http import Caller, may, tagged
from shared.terms import Id

router = APIRouter(tags=["sla"])


async def handlers(request: Request) -> PolicyHandlers:
    found: PolicyHandlers = request.app.state.service.policies
    return found


Handlers = Annotated[PolicyHandlers, Depends(handlers)]


def shown(policy: Policy, policies: PolicyHandlers, response: Response) -> PolicyView:
    tagged(response, policy)
    return PolicyView.of(policy, policies.now())


@router.get("/policies")
async def list_policies(policies: Handlers, _: Annotated[Caller, may("policy:read")]) -> PolicyList:
    """Every policy, the default first."""
    found = sorted([policy async for policy in policies.store.all()], key=lambda policy: policy.company)
    return PolicyList(items=[PolicyView.of(policy, policies.now()) for policy in found])


@router.get("/policies/{id}")
async def read_policy(
    id: Id, policies: Handlers, _: Annotated[Caller, may("policy:read")], response: Response
) -> PolicyView:
    return shown(await policies.store.get(id), policies, response)


@router.put("/policies/{id}")
async def put_policy(
    id: Id, body: PolicyBody, policies: Handlers, caller: Annotated[Caller, may("policy:change")], response: Response
) -> PolicyView:
    """Set other targets from a day on. Tickets that are open keep theirs."""
    policy = await policies.put(id, body.company, body.valid_from, body.calendar, body.promises, caller.origin)
    return shown(policy, policies, response)
