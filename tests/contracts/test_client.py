"""A client made from the documents by a public generator, used the whole way across the services."""

import importlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.routing import compile_path

from deploy.services import SERVICES
from shared.testing import CHEN, EDITOR, LEAD, WANG, Person, Servers, World, running
from tests.contracts.client import generate
from tests.journeys.desk import COMPLETE, Desk
from tests.servers import app_factory

OPERATIONS = (
    "tickets.open_ticket",
    "tickets.read_ticket",
    "tickets.list_tickets",
    "queue.claim_work",
    "work.add_work_note",
    "clocks.read_clocks",
    "articles.write_article",
    "articles.list_articles",
    "articles.search_articles",
    "notifications.list_notifications",
)


class Gateway(httpx.AsyncBaseTransport):
    """To the service that has the path, as the gateway does it."""

    def __init__(self, world: World) -> None:
        self._routes = [
            (compile_path(path)[0], httpx.ASGITransport(app))
            for app in world.apps.values()
            for path in app.openapi()["paths"]
        ]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        service = next(service for pattern, service in self._routes if pattern.match(request.url.path))
        return await service.handle_async_request(request)


@pytest.fixture(scope="module")
async def world(servers: Servers) -> AsyncIterator[World]:
    async with running(servers, *map(app_factory, SERVICES)) as world:
        yield world


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(tmp_path_factory.mktemp("client"))


async def test_the_client_goes_the_whole_way(made: Path, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(made))
    calls = {name.partition(".")[2]: importlib.import_module(f"desk_client.api.{name}").asyncio for name in OPERATIONS}
    models, client = [importlib.import_module(f"desk_client.{name}") for name in ("models", "client")]

    async def do(who: Person, operation: str, *path: str, **sent: Any) -> Any:
        call: Callable[..., Any] = calls[operation]
        httpx_args = {"transport": Gateway(world)}
        desk = client.AuthenticatedClient(base_url="http://desk", token=world.token(who), httpx_args=httpx_args)
        answer = await call(*path, client=desk, **sent)
        assert not isinstance(answer, models.ProblemDetails), answer
        await world.settle()
        return answer

    await Desk(world).opens()
    opened = await do(WANG, "open_ticket", body=models.NewTicket(**COMPLETE))
    ticket = await do(WANG, "read_ticket", opened.ticket)
    assert (ticket.ticket, ticket.problem.title, ticket.status) == (opened.ticket, COMPLETE["title"], "pending")

    work = await do(CHEN, "claim_work", body=models.Claim(ticket=ticket.ticket, reason="I know the module"))
    noted = await do(CHEN, "add_work_note", ticket.ticket, body=models.NewNote(text="Reproduced it"))
    assert (work.ticket, work.assignee) == (ticket.ticket, CHEN.sub)
    assert noted.worklog[-1].text == "Reproduced it"

    listed = await do(LEAD, "list_tickets", assignee=CHEN.sub, opened_after=ticket.opened_at)
    others = await do(LEAD, "list_tickets", assignee=CHEN.sub, opened_before=ticket.opened_at)
    assert ([row.ticket for row in listed.items], others.items) == ([ticket.ticket], [])

    clocks = await do(CHEN, "read_clocks", ticket.ticket)
    assert {one.clock for one in clocks.clocks} >= {"response", "resolution"}

    text = models.ArticleText(title="Export closes the program", problem="It closes.", solution="Install V3.2.1.")
    written = await do(EDITOR, "write_article", body=text)
    drafts = await do(EDITOR, "list_articles", limit=10)
    assert [(row.id, row.title) for row in drafts.items] == [(written.id, "Export closes the program")]
    found = await do(CHEN, "search_articles", body=models.ArticleSearch(text="export closes"))
    assert found.items == []  # a draft is not found

    told = await do(LEAD, "list_notifications", ticket=ticket.ticket)
    assert {one.ticket for one in told.items} == {ticket.ticket}
