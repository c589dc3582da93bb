"""What the kb service is made of, on one screen."""

from dataclasses import dataclass

from fastapi import FastAPI

from services.kb.articles import api as articles_api
from services.kb.articles.handlers import ArticleHandlers
from services.kb.articles.store import Articles
from services.kb.cases import api as cases_api
from services.kb.cases.handlers import CaseHandlers
from services.kb.cases.store import Cases
from services.kb.permissions import PERMISSIONS
from services.kb.search.catalog import NAME, SearchCatalog
from services.kb.search.handlers import SearchHandlers
from services.kb.search.settings import SearchSettings
from shared.events import ContactErased, KbArticleDrafted, SearchCases, TicketCompleted, TicketReopened
from shared.search import Generations
from shared.service import Runtime, serve

ROUTERS = [part.router for part in (cases_api, articles_api)]


@dataclass(frozen=True)
class Kb:
    articles: ArticleHandlers
    cases: CaseHandlers
    search: SearchHandlers


def create_app(runtime: Runtime | None = None) -> FastAPI:
    return serve("kb", wire, ROUTERS, PERMISSIONS, runtime)


def wire(runtime: Runtime) -> Kb:
    database = runtime.database
    article_store, case_store = runtime.store(Articles), runtime.store(Cases)
    catalog = SearchCatalog(
        article_store, case_store, Generations(database, NAME), SearchSettings(), runtime.now, f"{database.name}-kb"
    )
    articles = ArticleHandlers(article_store, catalog, runtime.now)
    cases = CaseHandlers(case_store, articles)
    search = SearchHandlers(catalog)
    if not runtime.silent:
        runtime.at_start(catalog.start)
        runtime.at_stop(catalog.stop)
    runtime.at_start(article_store.backfill)
    runtime.bus.answers("kb.search", SearchCases, search.suggest)
    runtime.on(TicketCompleted, cases.archive)
    runtime.on(TicketReopened, cases.reopen)
    runtime.on(ContactErased, cases.forget)
    runtime.on(KbArticleDrafted, articles.reserve_number)
    return Kb(articles, cases, search)
