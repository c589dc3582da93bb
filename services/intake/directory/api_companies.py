"""Records of companies over HTTP, for staff."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from services.intake.directory.companies import Company, name_key, new_company
from services.intake.directory.handlers import DirectoryHandlers
from services.intake.directory.views import (
    CompanyAmendment,
    CompanyView,
    DoubleView,
    NewCompany,
    NewPartyMerge,
    PartyUnmerge,
    facts_of,
)
from shared.http import After, Caller, Limit, Page, may, tagged
from shared.phones import e164
from shared.terms import SUBJECT_LENGTH, Id

router = APIRouter(prefix="/v1/companies", tags=["companies"])


async def handlers(request: Request) -> DirectoryHandlers:
    found: DirectoryHandlers = request.app.state.service.directory
    return found


Handlers = Annotated[DirectoryHandlers, Depends(handlers)]
MayRead = Annotated[Caller, may("directory:read")]
MayChange = Annotated[Caller, may("directory:change")]
MayMerge = Annotated[Caller, may("directory:merge")]


@router.get("")
async def list_companies(
    directory: Handlers,
    _: MayRead,
    name: Annotated[str | None, Query(description="Only the one with this name or alias", max_length=200)] = None,
    domain: Annotated[str | None, Query(description="Only the one with this mail domain", max_length=253)] = None,
    phone: Annotated[str | None, Query(description="Only those with this number", max_length=40)] = None,
    owner: Annotated[str | None, Query(description="Only those of this owner", max_length=SUBJECT_LENGTH)] = None,
    tier: Annotated[str | None, Query(description="Only those of this tier", max_length=200)] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[CompanyView]:
    """Companies by name; those that a name, domain or number finds are on one page."""
    keys = [key for key in (name and name_key(name), domain and f"domain:{domain.lower()}") if key]
    if keys or phone is not None:
        hints = [f"phone:{e164(phone)}"] if phone is not None else []
        known = await directory.find(Company, keys, hints)
        known = [one for one in known if set(keys) <= set(one.keys)]
        known = [one for one in known if owner in (None, one.owner) and tier in (None, one.tier)]
        return Page(items=[CompanyView.of(one) for one in known])
    query = {"kind": "company", "owner": owner, "tier": tier}
    wanted = {field: value for field, value in query.items() if value is not None}
    found, next = await directory.store.page(wanted, directory.store.by_name, after, limit)
    return Page(items=[CompanyView.of(one) for one in found], next=next)


@router.post("", status_code=201)
async def add_company(body: NewCompany, directory: Handlers, caller: MayChange, response: Response) -> CompanyView:
    """Record a company. Its names and domains are nobody else's; earlier tickets with its names become its own."""
    company = await directory.add(partial(new_company, facts_of(body), caller.sub, directory.now()), caller.origin)
    response.headers["Location"] = f"/v1/companies/{company.id}"
    return _shown(company, response)


@router.get("/{company}")
async def read_company(company: Id, directory: Handlers, _: MayRead, response: Response) -> CompanyView:
    """The record of a company; for the id of one that was merged, the one that it was merged into."""
    whole, parts = await directory.get(Company, company)
    tagged(response, whole)
    return CompanyView.of(whole, parts)


@router.patch("/{company}")
async def amend_company(
    company: Id, body: CompanyAmendment, directory: Handlers, caller: MayChange, response: Response
) -> CompanyView:
    """Correct or complete the record: a field that is not there stays as it is, a list is replaced."""
    return _shown(await directory.amend(Company, company, facts_of(body), caller.origin), response)


@router.get("/{company}/doubles")
async def list_doubles_of_company(company: Id, directory: Handlers, _: MayRead) -> Page[DoubleView]:
    """Companies that may be the same, with the reasons, on one page. Nothing is merged until somebody says so."""
    return Page(items=[DoubleView.of(one) for one in await directory.doubles(Company, company)])


@router.post("/{company}/merge")
async def merge_company(
    company: Id, body: NewPartyMerge, directory: Handlers, caller: MayMerge, response: Response
) -> CompanyView:
    """Say that it is the same company as another, which stays. Their tickets are one company's from now on. The
    response is the other one."""
    whole = await directory.merge(Company, company, body.into, body.reason, caller.origin)
    tagged(response, whole)
    return CompanyView.of(*await directory.get(Company, whole.id))


@router.post("/{company}/unmerge")
async def unmerge_company(
    company: Id, body: PartyUnmerge, directory: Handlers, caller: MayMerge, response: Response
) -> CompanyView:
    """Say that they are two companies after all. The response is this one."""
    return _shown(await directory.unmerge(Company, company, body.reason, caller.origin), response)


def _shown(company: Company, response: Response) -> CompanyView:
    tagged(response, company)
    return CompanyView.of(company)
