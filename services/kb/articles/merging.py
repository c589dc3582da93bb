"""Two articles about one problem: how they are noticed, and how one comes to point to the other."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from services.kb.articles.domain import Article, ArticleState, WrongState
from shared.domain import Invalid
from shared.events import Event, KbArticlePublished, KbArticleStale
from shared.texts import plain

ALIKE = 0.5  # of the pairs of letters in both titles; below it two problems are more often two than one
COMPARED = 200  # characters of a title
LETTERS = re.compile(r"[a-z0-9\u3400-\u9fff]+")


class Described(NamedTuple):
    """What an article is about."""

    id: str
    state: str
    title: str
    product: str
    fingerprints: frozenset[str]

    @classmethod
    def of(cls, article: Article) -> "Described":
        one = article.latest.content
        return cls(article.id, article.state, one.title, one.product, frozenset(one.fingerprints))


class Double(NamedTuple):
    """An article that may be about the same problem; `score` from 0 to 1, 1 where a fingerprint is the same."""

    article: Described
    score: float
    same_fingerprint: bool


def doubles_of(article: Described, others: Iterable[Described], most: int) -> list[Double]:
    """Those that are most alike, the best first."""
    found = []
    for other in others:
        same = bool(article.fingerprints & other.fingerprints)
        score = 1.0 if same else likeness(article, other)
        if other.id != article.id and score >= ALIKE:
            found.append(Double(other, round(score, 3), same))
    return sorted(found, key=lambda one: (-one.score, one.article.id))[:most]


def likeness(one: Described, other: Described) -> float:
    """Dice's coefficient of the pairs of letters in their titles; none where they name two products."""
    if one.product and other.product and one.product.casefold() != other.product.casefold():
        return 0.0
    mine, theirs = _pairs(one.title), _pairs(other.title)
    return 2 * len(mine & theirs) / (len(mine) + len(theirs)) if mine and theirs else 0.0


def merge(article: Article, into: Article, now: datetime) -> list[Event]:
    """From now on it points to the other one. Raises Invalid, WrongState."""
    if into.id == article.id:
        raise Invalid("An article cannot be merged into itself", "不能与自身合并", "body.into")
    if into.state in (ArticleState.MERGED, ArticleState.WITHDRAWN):
        is_ = into.state.label
        raise WrongState(f"{into.id} is {is_.en}", f"{into.id} 当前状态为“{is_.zh}”")
    if article.merged_into == into.id:
        return []
    if article.state in (ArticleState.MERGED, ArticleState.WITHDRAWN):
        is_ = article.state.label
        raise WrongState(f"{article.id} is {is_.en}", f"{article.id} 当前状态为“{is_.zh}”")
    article.before_merging, article.state = article.state, ArticleState.MERGED
    article.merged_into, article.changed_at = into.id, now
    if article.live is None:
        return []
    return [KbArticleStale(subject=article.id, time=now, title=article.live.content.title, reason=f"→ {into.id}")]


def unmerge(article: Article, now: datetime) -> list[Event]:
    """As it was before. Raises WrongState."""
    if article.state is not ArticleState.MERGED:
        raise WrongState(f"{article.id} is not merged", f"{article.id} 未合并")
    article.state = article.before_merging or ArticleState.DRAFT
    article.before_merging, article.merged_into, article.changed_at = None, "", now
    if article.live is None:
        return []
    live = article.live
    what = {"title": live.content.title, "tags": live.content.tags, "article_revision": live.number}
    return [KbArticlePublished(subject=article.id, time=now, **what)]


def _pairs(title: str) -> set[str]:
    words = LETTERS.findall(plain(title, COMPARED).lower())
    return {word[at : at + 2] for word in words for at in range(max(len(word) - 1, 1))}
