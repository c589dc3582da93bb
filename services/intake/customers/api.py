"""Customers over HTTP: who they are, and that two of them are one."""

from typing import Annotated

from fastapi import APIRouter

from services.intake.access import Desk
from services.intake.views import Alias, CustomerView
from shared.http import Caller, may
from shared.terms import Id

router = APIRouter(prefix="/customers", tags=["customers"])


@router.get("/{customer}")
async def read_customer(customer: Id, desk: Desk, _: Annotated[Caller, may("customer:read")]) -> CustomerView:
    """A customer; by the id of an alias, whom that is."""
    return CustomerView.of(*await desk.directory.read(customer))


@router.post("/{customer}/aliases", status_code=201)
async def add_alias(
    customer: Id, body: Alias, desk: Desk, caller: Annotated[Caller, may("customer:merge")]
) -> CustomerView:
    """Say that another customer is this one, such as a company under its short name. From now on their tickets are
    linked as one customer's; who may read which ticket does not change."""
    await desk.directory.merge(body.customer, customer, body.reason, caller.origin)
    return CustomerView.of(*await desk.directory.read(customer))


@router.delete("/{customer}/aliases/{alias}")
async def remove_alias(
    customer: Id, alias: Id, desk: Desk, caller: Annotated[Caller, may("customer:merge")]
) -> CustomerView:
    """They are two customers again."""
    await desk.directory.part(alias, customer, "", caller.origin)
    return CustomerView.of(*await desk.directory.read(customer))
