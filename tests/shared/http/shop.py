"""A service made for the tests: one store, and routes of each kind."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from pydantic import Field

from shared.auth import rule
from shared.domain import Aggregate, Conflict, Value
from shared.events import Event
from shared.http import After, Body, Caller, Limit, Page, may, repeatable, service, tagged
from shared.service import Runtime, serve
from shared.store import ByText, Index, Store
from shared.terms import Line


class Thing(Aggregate):
    name: str
    worn: int = 0

    def wear(self) -> list[Event]:
        self.worn += 1
        return []


class Things(Store[Thing]):
    kind = Thing
    indexes = (Index(("name",)),)
    by_name = ByText("name")


class Label(Value):
    text: Line
    beside: list["Label"] = Field(default_factory=list)


class NewThing(Body):
    id: Line
    name: Line
    size: int = Field(default=1, ge=1)
    labels: dict[str, Label] = Field(default_factory=dict)


@dataclass(frozen=True)
class Shop:
    things: Things


PERMISSIONS = {"work:do": rule("engineer lead")}


router = APIRouter(prefix="/things")


TheShop = Annotated[Shop, Depends(service)]


Manager = Annotated[Caller, may("work:do")]


@router.post("", status_code=201)
async def make(body: NewThing, shop: TheShop, caller: Manager) -> Thing:
    return await shop.things.add(Thing(id=body.id, name=body.name), [], caller.origin)


@router.get("/failure")
async def fail(_: Manager) -> None:
    raise RuntimeError("the password is hunter2")


@router.get("/conflict")
async def conflict() -> None:
    raise Conflict("it is closed", "已经关闭")


@router.get("")
async def list_them(shop: TheShop, _: Manager, after: After = None, limit: Limit = 2) -> Page[Thing]:
    found, next = await shop.things.page({}, shop.things.by_name, after, limit)
    return Page(items=found, next=next)


@router.get("/{id}")
async def read(id: str, shop: TheShop, _: Manager) -> Thing:
    return await shop.things.get(id)


@router.post("/{id}/wear")
async def wear(id: str, response: Response, shop: TheShop, caller: Manager) -> Thing:
    thing = await shop.things.change(id, Thing.wear, caller.origin)
    tagged(response, thing)
    return thing


@router.post("/{id}/tear")
async def tear(id: str, shop: TheShop, caller: Manager) -> Thing:
    return await shop.things.change(id, Thing.wear, repeatable(caller.origin))


@router.post("/{id}/attachments")
async def attach(id: str, request: Request, caller: Manager) -> int:
    return len(await request.body())


def create_app(runtime: Runtime) -> FastAPI:
    return serve("http", lambda runtime: Shop(runtime.store(Things)), [router], PERMISSIONS, runtime)
