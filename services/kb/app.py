"""What the kb service is made of, on one screen."""

from fastapi import FastAPI

from services.kb.api import router
from services.kb.articles.store import Articles
from services.kb.cases.store import Cases
from services.kb.handlers import Kb
from services.kb.permissions import PERMISSIONS
from services.kb.search.catalog import Shelf
from services.kb.search.settings import KbSettings
from shared.events import KbArticleDrafted, SearchCases, TicketCompleted, TicketReopened
from shared.service import Runtime, serve


def create_app(runtime: Runtime | None = None) -> FastAPI:
    return serve("kb", wire, router, PERMISSIONS, runtime)


def wire(runtime: Runtime) -> Kb:
    articles, cases = runtime.store(Articles), runtime.store(Cases)
    shelf = Shelf(articles, cases, KbSettings())
    kb = Kb(articles, cases, shelf, runtime.now)
    runtime.at_start(shelf.start)
    runtime.at_stop(shelf.stop)
    runtime.bus.answers("kb.search", SearchCases, kb.search)
    runtime.on(TicketCompleted, kb.archive)
    runtime.on(TicketReopened, kb.reopen)
    runtime.on(KbArticleDrafted, kb.remember)
    return kb
