"""Records of products over HTTP: everybody reads them, leads and administrators keep them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from services.intake.products.domain import NAME_CHARACTERS, Product, spelt
from services.intake.products.handlers import ProductHandlers
from services.intake.products.views import NewProduct, ProductAmendment, ProductView, facts_of
from shared.http import After, Caller, Limit, Page, may, tagged
from shared.terms import Id

router = APIRouter(prefix="/v1/products", tags=["products"])


async def handlers(request: Request) -> ProductHandlers:
    found: ProductHandlers = request.app.state.service.products
    return found


Handlers = Annotated[ProductHandlers, Depends(handlers)]
MayRead = Annotated[Caller, may("product:read")]
MayChange = Annotated[Caller, may("product:change")]


@router.get("")
async def list_products(
    products: Handlers,
    _: MayRead,
    name: Annotated[
        str | None, Query(description="Only the one with this name or alias", max_length=NAME_CHARACTERS)
    ] = None,
    active: Annotated[bool | None, Query(description="Only those that forms offer, or do not")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[ProductView]:
    """Products by name, each with its modules and versions; the one that a name finds is on one page."""
    if name is not None:
        ids = await products.store.holders([f"name:{spelt(name)}"])
        named = await products.store.where({"_id": {"$in": ids}})
        return Page(items=[ProductView.of(one) for one in named if active in (None, one.active)])
    wanted = {} if active is None else {"active": active}
    found, next = await products.store.page(wanted, products.store.by_name, after, limit)
    return Page(items=[ProductView.of(one) for one in found], next=next)


@router.post("", status_code=201)
async def add_product(body: NewProduct, products: Handlers, caller: MayChange, response: Response) -> ProductView:
    """Record a product. Its key and its names are no other product's."""
    product = await products.add(facts_of(body), caller.origin)
    response.headers["Location"] = f"/v1/products/{product.id}"
    return _shown(product, response)


@router.get("/{product}")
async def read_product(product: Id, products: Handlers, _: MayRead, response: Response) -> ProductView:
    """A product with its modules and versions."""
    return _shown(await products.store.get(product), response)


@router.patch("/{product}")
async def amend_product(
    product: Id, body: ProductAmendment, products: Handlers, caller: MayChange, response: Response
) -> ProductView:
    """Correct or complete the record: a field that is not there stays as it is, a list is replaced. Tickets keep what
    they say."""
    return _shown(await products.amend(product, facts_of(body), caller.origin), response)


def _shown(product: Product, response: Response) -> ProductView:
    tagged(response, product)
    return ProductView.of(product)
