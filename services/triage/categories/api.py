"""Categories over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.triage.categories.domain import CategoryRecord, CategorySettings
from services.triage.categories.handlers import CategoryHandlers
from shared.category_keys import Key
from shared.http import Body, Caller, Page, View, example, may, tagged

router = APIRouter(prefix="/v1/categories", tags=["categories"])


class CategoryBody(CategorySettings, Body):
    model_config = example(name_zh="账务类", name_en="Billing", parent="data", queue="billing")


class CategoryView(View):
    key: str
    """What tickets, events and rules name it by"""
    version: int
    """Counts the changes; the ETag names it"""
    name_zh: str
    """What it is called in Chinese"""
    name_en: str
    """What it is called in English"""
    parent: str | None
    """The category that it is a part of"""
    queue: str
    """The queue that its tickets go to"""
    team: str | None
    """The team that its tickets go to; null: everybody's"""
    retired: bool
    """Whether it is given to no ticket any more"""

    @classmethod
    def of(cls, one: CategoryRecord) -> "CategoryView":
        return cls(
            key=one.id,
            version=one.version,
            name_zh=one.name_zh,
            name_en=one.name_en,
            parent=one.parent or None,
            queue=one.queue or one.id,
            team=one.team or None,
            retired=one.retired,
        )


async def handlers(request: Request) -> CategoryHandlers:
    found: CategoryHandlers = request.app.state.service.categories
    return found


Handlers = Annotated[CategoryHandlers, Depends(handlers)]
MayRead = Annotated[Caller, may("category:read")]
MayManage = Annotated[Caller, may("category:manage")]


def shown(one: CategoryRecord, response: Response) -> CategoryView:
    tagged(response, one)
    return CategoryView.of(one)


@router.get("")
async def list_categories(categories: Handlers, _: MayRead) -> Page[CategoryView]:
    """All categories by key, on one page, also those that are retired."""
    known = await categories.known()
    return Page(items=[CategoryView.of(one) for one in known.by_key.values()])


@router.get("/{category}")
async def read_category(category: Key, categories: Handlers, _: MayRead, response: Response) -> CategoryView:
    """A category, and where its tickets go."""
    return shown(await categories.store.get(category), response)


@router.put("/{category}")
async def put_category(
    category: Key, body: CategoryBody, categories: Handlers, caller: MayManage, response: Response
) -> CategoryView:
    """Enter a category, change it, or bring it back. Tickets that have it stay in their queue."""
    return shown(await categories.put(category, body, caller.origin), response)


@router.post("/{category}/retirement")
async def retire_category(category: Key, categories: Handlers, caller: MayManage, response: Response) -> CategoryView:
    """It is given to no ticket any more; those that have it keep it."""
    return shown(await categories.retire(category, caller.origin), response)
