"""Records of people on customers' side over HTTP, for staff."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.intake.directory.api_companies import Handlers, MayChange, MayMerge, MayRead
from services.intake.directory.contacts import Person, identity_keys, new_person
from services.intake.directory.views import (
    ContactAmendment,
    ContactView,
    DoubleView,
    NewContact,
    NewPartyMerge,
    PartyUnmerge,
    facts_of,
)
from shared.http import After, Limit, Page, tagged
from shared.phones import e164
from shared.terms import SUBJECT_LENGTH, Id

router = APIRouter(prefix="/v1/contacts", tags=["contacts"])


@router.get("")
async def list_contacts(
    directory: Handlers,
    _: MayRead,
    company: Annotated[Id | None, Query(description="Only people of this company, by the id of its record")] = None,
    sub: Annotated[str | None, Query(description="Only who signs in as this", max_length=SUBJECT_LENGTH)] = None,
    email: Annotated[str | None, Query(description="Only who has this address", max_length=254)] = None,
    address: Annotated[str | None, Query(description="Only who is this in a messenger", max_length=400)] = None,
    phone: Annotated[str | None, Query(description="Only those with this number", max_length=40)] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ContactView]:
    """Contacts by name; those that an account, address or number finds are on one page."""
    keys = identity_keys(*([one] if one else [] for one in (sub, email, address)))
    if keys or phone is not None:
        hints = [f"phone:{e164(phone)}"] if phone is not None else []
        known = await directory.find(Person, keys, hints)
        known = [one for one in known if set(keys) <= set(one.keys) and company in (None, one.company)]
        return Page(items=[ContactView.of(one) for one in known])
    wanted = {"kind": "person"} | ({"company": company} if company else {})
    found, next = await directory.store.page(wanted, directory.store.by_name, after, limit)
    return Page(items=[ContactView.of(one) for one in found], next=next)


@router.post("", status_code=201)
async def add_contact(body: NewContact, directory: Handlers, caller: MayChange, response: Response) -> ContactView:
    """Record a person. Their accounts and addresses are nobody else's; a telephone number may be shared."""
    contact = await directory.add(partial(new_person, facts_of(body), caller.sub, directory.now()), caller.origin)
    response.headers["Location"] = f"/v1/contacts/{contact.id}"
    return _shown(contact, response)


@router.get("/{contact}")
async def read_contact(contact: Id, directory: Handlers, _: MayRead, response: Response) -> ContactView:
    """The record of a person; for the id of one that was merged, the one that it was merged into."""
    whole, parts = await directory.get(Person, contact)
    tagged(response, whole)
    return ContactView.of(whole, parts)


@router.patch("/{contact}")
async def amend_contact(
    contact: Id, body: ContactAmendment, directory: Handlers, caller: MayChange, response: Response
) -> ContactView:
    """Correct or complete the record: a field that is not there stays as it is, a list is replaced."""
    return _shown(await directory.amend(Person, contact, facts_of(body), caller.origin), response)


@router.get("/{contact}/doubles")
async def list_doubles_of_contact(contact: Id, directory: Handlers, _: MayRead) -> Page[DoubleView]:
    """People who may be the same, with the reasons, on one page. A name alone is no reason."""
    return Page(items=[DoubleView.of(one) for one in await directory.doubles(Person, contact)])


@router.post("/{contact}/merge")
async def merge_contact(
    contact: Id, body: NewPartyMerge, directory: Handlers, caller: MayMerge, response: Response
) -> ContactView:
    """Say that they are the same person as another, whose record stays. The response is the other one."""
    whole = await directory.merge(Person, contact, body.into, body.reason, caller.origin)
    tagged(response, whole)
    return ContactView.of(*await directory.get(Person, whole.id))


@router.post("/{contact}/unmerge")
async def unmerge_contact(
    contact: Id, body: PartyUnmerge, directory: Handlers, caller: MayMerge, response: Response
) -> ContactView:
    """Say that they are two people after all. The response is this one."""
    return _shown(await directory.unmerge(Person, contact, body.reason, caller.origin), response)


def _shown(contact: Person, response: Response) -> ContactView:
    tagged(response, contact)
    return ContactView.of(contact)
