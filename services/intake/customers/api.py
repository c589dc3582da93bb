"""Customers over HTTP: who they are, and that two of them are one."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from services.intake.customers.handlers import CustomerHandlers
from services.intake.customers.views import Alias, CustomerView
from shared.http import Caller, may
from shared.terms import Id, OptionalLine

router = APIRouter(prefix="/v1/customers", tags=["customers"])


async def handlers(request: Request) -> CustomerHandlers:
    found: CustomerHandlers = request.app.state.service.customers
    return found


Handlers = Annotated[CustomerHandlers, Depends(handlers)]
MayMerge = Annotated[Caller, may("customer:merge")]


@router.get("/{customer}")
async def read_customer(customer: Id, customers: Handlers, _: Annotated[Caller, may("customer:read")]) -> CustomerView:
    """A customer; for the ID of an alias, the customer that it was merged into."""
    return CustomerView.of(*await customers.get(customer))


@router.post("/{customer}/aliases", status_code=201)
async def add_alias(customer: Id, body: Alias, customers: Handlers, caller: MayMerge) -> CustomerView:
    """Merge another customer into this one, such as a company under its short name. From now on their tickets are
    linked as one customer's; who may read which ticket does not change."""
    await customers.merge(body.customer, customer, body.reason, caller.origin)
    return CustomerView.of(*await customers.get(customer))


@router.delete("/{customer}/aliases/{alias}")
async def remove_alias(
    customer: Id,
    alias: Id,
    customers: Handlers,
    caller: MayMerge,
    reason: Annotated[OptionalLine, Query(description="Why they are two")] = "",
) -> CustomerView:
    """Undo a merge: they are two customers again."""
    await customers.unmerge(alias, customer, reason, caller.origin)
    return CustomerView.of(*await customers.get(customer))
