"""What the kb service is made of, on one screen."""

from dataclasses import dataclass

from fastapi import FastAPI

from services.kb.articles import api as articles_api
from services.kb.articles import api_files, api_previews, api_revisions
from services.kb.articles.files import ArticleFiles
from services.kb.articles.handlers import ArticleHandlers
from services.kb.articles.store import Articles
from services.kb.articles.tickets import KnownTickets
from services.kb.cases import api as cases_api
from services.kb.cases.handlers import CaseHandlers
from services.kb.cases.settings import CaseSettings
from services.kb.cases.store import Cases
from services.kb.help import api as help_api
from services.kb.help.handlers import HelpHandlers
from services.kb.permissions import PERMISSIONS
from services.kb.search.catalog import NAME, SearchCatalog
from services.kb.search.handlers import SearchHandlers
from services.kb.search.settings import SearchSettings
from services.kb.training import api as training_api
from services.kb.training.handlers import TrainingHandlers
from services.kb.training.store import ReleasePacks, Sessions
from services.kb.transfer import api as transfer_api
from services.kb.transfer.handlers import TransferHandlers
from services.kb.upkeep import api as upkeep_api
from services.kb.upkeep.handlers import UpkeepHandlers
from services.kb.upkeep.store import ReviewTasks
from shared.events import (
    ContactErased,
    KbArticleDrafted,
    ProductReleaseUpcoming,
    ProductVersionReleased,
    SearchCases,
    TicketCompleted,
    TicketReopened,
    TriageConsultationConcluded,
    TriageLogAnalysed,
)
from shared.events.kb import ReadArticle
from shared.events.sla_reviews import SlaTrainingProposed
from shared.mongo import Files
from shared.search import Generations
from shared.service import Runtime, serve

ROUTERS = [
    part.router
    for part in (
        cases_api,
        articles_api,
        api_revisions,
        api_previews,
        api_files,
        help_api,
        training_api,
        transfer_api,
        upkeep_api,
    )
]


@dataclass(frozen=True)
class Kb:
    articles: ArticleHandlers
    tickets: KnownTickets
    cases: CaseHandlers
    search: SearchHandlers
    training: TrainingHandlers
    files: ArticleFiles
    transfer: TransferHandlers
    upkeep: UpkeepHandlers


def create_app(runtime: Runtime | None = None) -> FastAPI:
    return serve("kb", wire, ROUTERS, PERMISSIONS, runtime)


def wire(runtime: Runtime) -> Kb:
    database = runtime.database
    article_store, case_store = runtime.store(Articles), runtime.store(Cases)
    catalog = SearchCatalog(
        article_store,
        case_store,
        Generations(database, NAME),
        SearchSettings(),
        runtime.now,
        f"{database.name}-kb",
        runtime.bus.notices,
    )
    article_store.on_write = case_store.on_write = catalog.written
    articles = ArticleHandlers(article_store, catalog, runtime.now)
    cases = CaseHandlers(case_store, articles, CaseSettings().confidential_words)
    search = SearchHandlers(catalog)
    if not runtime.silent:
        runtime.at_start(catalog.start)
        runtime.at_stop(catalog.stop)
    runtime.at_start(article_store.backfill)
    files = ArticleFiles(articles, Files(runtime.database))
    runtime.at_start(files.files.ensure_indexes)
    sessions, packs = runtime.store(Sessions), runtime.store(ReleasePacks)
    training = TrainingHandlers(sessions, packs, cases, articles, runtime.now)
    runtime.bus.answers("kb.search", SearchCases, search.suggest)
    runtime.bus.answers("kb.read_article", ReadArticle, HelpHandlers(articles).read)
    tasks = runtime.store(ReviewTasks)
    upkeep = UpkeepHandlers(tasks, articles, cases, runtime.now)
    runtime.on(TicketCompleted, upkeep.completed)
    runtime.on(TicketReopened, upkeep.reopened)
    runtime.on(ProductVersionReleased, upkeep.version_released)
    runtime.when_due(article_store, upkeep.review_dates)
    runtime.when_due(tasks, upkeep.remind)
    runtime.on(TriageConsultationConcluded, cases.record_consultation)
    runtime.on(TriageLogAnalysed, cases.record_log)
    runtime.on(ContactErased, cases.forget)
    runtime.on(KbArticleDrafted, articles.reserve_number)
    runtime.on(SlaTrainingProposed, training.propose)
    runtime.on(ProductReleaseUpcoming, training.propose_pack)
    runtime.when_due(sessions, training.remind_sessions)
    runtime.when_due(packs, training.remind_packs)
    return Kb(
        articles, KnownTickets(runtime.bus), cases, search, training, files, TransferHandlers(articles, files), upkeep
    )
