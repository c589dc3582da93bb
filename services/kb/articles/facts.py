"""What events about tickets change in an article. Facts are never refused, and the same facts end in the same article,
in whatever order and however often they are received: of two about one matter the later ticket version holds."""

from datetime import datetime

from services.kb.articles.content import Content, Reuse, Revision
from services.kb.articles.domain import SYSTEM, Article, ArticleState
from shared.events import Event, KbArticleStale


def solved(article: Article, content: Content, version: int, at: datetime) -> list[Event]:
    """Its ticket was solved once more, after a reopening. An untouched draft takes over the newest solution; where
    people have decided something, another solution is a new draft and the same one is no news."""
    if article.completed_version and version <= article.completed_version:
        return []
    article.completed_version = version
    latest = article.latest
    if _is_untouched(article):
        new = Revision(number=latest.number, author=SYSTEM, time=at, content=content)
        article.revisions = [*article.revisions[:-1], new]
    elif article.state in (ArticleState.WITHDRAWN, ArticleState.MERGED) or content.has_solution_of(latest.content):
        return []
    else:
        article.move(ArticleState.DRAFT, article.changed_at)
        article.revise(content, SYSTEM, at)
    article.drafted_versions[str(article.latest.number)] = version
    _changed(article, version, at)
    return [] if content == latest.content else article.drafted(at)


def reopened(article: Article, reason: str, version: int, at: datetime) -> list[Event]:
    """Its ticket was reopened: a revision drafted before that is out of the search if it was published, otherwise back
    to a draft. One drafted later is not in doubt, also when the reopening is received after it."""
    if article.reopened_version and version <= article.reopened_version:
        return []
    article.reopened_version = version
    live, is_latest_older = article.live, _is_older(article, article.latest, version)
    if live and _is_older(article, live, version):
        article.live_revision, article.reason = 0, reason
        if article.merged_into:
            article.before_merging = ArticleState.STALE if is_latest_older else article.before_merging
            return []
        article.state = ArticleState.STALE if is_latest_older else article.state
        _changed(article, version, at)
        return [KbArticleStale(subject=article.id, time=at, title=live.content.title, reason=reason)]
    if article.state is ArticleState.APPROVED and is_latest_older:
        article.state, article.reason = ArticleState.DRAFT, reason
        _changed(article, version, at)
    return []


def reused(article: Article, reuse: Reuse, version: int) -> list[Event]:
    """A solution that names this article was accepted. Details that an engineer wrote are kept."""
    ticket = reuse.ticket
    known = next((one for one in article.reuses if one.ticket == ticket), None)
    if known and ticket not in article.reuse_versions:
        known.details = known.details or reuse.details
        return []
    if version < article.reuse_versions.get(ticket, 0):
        return []
    article.reuses = [one for one in article.reuses if one is not known]
    article.keep_reuse(reuse)
    versions = {**article.reuse_versions, ticket: version}
    article.reuse_versions = {one.ticket: versions[one.ticket] for one in article.reuses if one.ticket in versions}
    return [] if known else article.count_reuse(ticket, reuse.by, reuse.time)


def _is_untouched(article: Article) -> bool:
    """The newest revision was drafted from the ticket, and nobody has approved, published or withdrawn it."""
    latest = article.latest
    return latest.author == SYSTEM and article.state is ArticleState.DRAFT and not latest.approved_by


def _is_older(article: Article, revision: Revision, version: int) -> bool:
    return article.drafted_versions.get(str(revision.number), 0) <= version


def _changed(article: Article, version: int, at: datetime) -> None:
    if version >= max(article.completed_version, article.reopened_version):
        article.changed_at = at
