"""Articles: how a draft becomes knowledge that people may rely on, and what people do with it."""

from datetime import datetime

from pydantic import AwareDatetime, Field, PrivateAttr

from services.kb.articles.content import Content, Reuse, Revision
from services.kb.articles.ids import article_id, manual_id
from services.kb.search.domain import Entry, Searchable
from shared.domain import Conflict
from shared.events import (
    Event,
    KbArticleApproved,
    KbArticleDrafted,
    KbArticlePublished,
    KbArticleReused,
    KbArticleStale,
)
from shared.terms import Term, Text

SYSTEM = "kb"  # the author of what is drafted from tickets
MAX_REVISIONS = 20
MAX_REUSES = 200


class ArticleState(Term):
    """Of an article's newest revision. What people find is the published one, which may be older."""

    DRAFT = "draft", "draft", "草稿"
    APPROVED = "approved", "approved", "已审核"
    PUBLISHED = "published", "published", "已发布"
    STALE = "stale", "stale", "已过时"
    WITHDRAWN = "withdrawn", "withdrawn", "已撤回"


TRANSITIONS: dict[ArticleState, frozenset[ArticleState]] = {
    ArticleState.DRAFT: frozenset(
        {ArticleState.DRAFT, ArticleState.APPROVED, ArticleState.STALE, ArticleState.WITHDRAWN}
    ),
    ArticleState.APPROVED: frozenset(
        {ArticleState.DRAFT, ArticleState.PUBLISHED, ArticleState.STALE, ArticleState.WITHDRAWN}
    ),
    ArticleState.PUBLISHED: frozenset({ArticleState.DRAFT, ArticleState.STALE, ArticleState.WITHDRAWN}),
    ArticleState.STALE: frozenset({ArticleState.DRAFT, ArticleState.APPROVED, ArticleState.WITHDRAWN}),
    ArticleState.WITHDRAWN: frozenset(),
}


class IllegalMove(Conflict):
    title = Text("The article is in another state", "文章当前状态不允许此操作")


class NotApproved(Conflict):
    title = Text("Nobody has approved it yet", "文章尚未审核")


class NotPublished(Conflict):
    title = Text("The article is not published", "文章未发布")


class Article(Searchable):
    """Events about its tickets may come late, twice and in any order (see facts.py): `learnt` and `doubted` are the
    ticket versions of the newest completion and the newest reopening that were heard, `learnt_from` is the ticket
    version that each revision was drafted from, `told` the ticket version of each reuse that an event reported."""

    number: int = 0  # of those that people wrote
    state: ArticleState = ArticleState.DRAFT
    revisions: list[Revision]
    live_revision: int = 0  # the published one; 0: none
    ticket: str = ""  # that it was drafted from
    reason: str = ""  # why it is stale or withdrawn
    reuses: list[Reuse] = Field(default_factory=list)
    reuse_count: int = 0
    learnt_from: dict[str, int] = Field(default_factory=dict)
    learnt: int = 0
    doubted: int = 0
    told: dict[str, int] = Field(default_factory=dict)
    changed_at: AwareDatetime
    _row: int = PrivateAttr(0)  # its place in lists

    @classmethod
    def written(cls, number: int, content: Content, author: str, now: datetime) -> "Article":
        """By a person."""
        first = Revision(number=1, author=author, time=now, content=content)
        return cls(id=manual_id(number), number=number, revisions=[first], changed_at=now)

    @classmethod
    def from_ticket(cls, ticket: str, content: Content, version: int, at: datetime) -> "Article":
        first = Revision(number=1, author=SYSTEM, time=at, content=content)
        known = {"ticket": ticket, "learnt": version, "learnt_from": {"1": version}}
        return cls(id=article_id(ticket), revisions=[first], changed_at=at, **known)

    @property
    def latest(self) -> Revision:
        return self.revisions[-1]

    @property
    def live(self) -> Revision | None:
        """The published revision."""
        return next((one for one in self.revisions if one.number == self.live_revision), None)

    def entry(self) -> Entry | None:
        return self.live.content.entry(self.id) if self.live else None

    def drafted(self, now: datetime) -> list[Event]:
        content = self.latest.content
        return [KbArticleDrafted(subject=self.id, time=now, ticket=self.ticket, title=content.title, tags=content.tags)]

    # ---- what people do; may be refused

    def edit(self, content: Content, author: str, now: datetime) -> list[Event]:
        """Add a revision, to be approved; the published one is found until the new one takes its place."""
        if content == self.latest.content:
            return []
        self.move(ArticleState.DRAFT, now)
        self.revise(content, author, now)
        return []

    def approve(self, by: str, now: datetime) -> list[Event]:
        self.move(ArticleState.APPROVED, now)
        self.latest.approved_by = by
        title, number = self.latest.content.title, self.latest.number
        return [KbArticleApproved(subject=self.id, time=now, title=title, article_revision=number)]

    def publish(self, now: datetime) -> list[Event]:
        if self.state in (ArticleState.DRAFT, ArticleState.STALE):
            raise NotApproved(
                f"revision {self.latest.number} of {self.id} must be approved before it is published",
                f"{self.id} 第 {self.latest.number} 版须先审核通过才能发布",
            )
        self.move(ArticleState.PUBLISHED, now)
        number, content = self.latest.number, self.latest.content
        self.live_revision, self.reason = number, ""
        told = {"title": content.title, "tags": content.tags, "article_revision": number}
        return [KbArticlePublished(subject=self.id, time=now, **told)]

    def mark_stale(self, reason: str, now: datetime) -> list[Event]:
        if not self.live_revision:
            raise NotPublished(f"{self.id} is not published, so nobody relies on it", f"{self.id} 未发布，无人使用")
        return self._unpublish(ArticleState.STALE, reason, now)

    def withdraw(self, reason: str, now: datetime) -> list[Event]:
        return self._unpublish(ArticleState.WITHDRAWN, reason, now)

    def reuse(self, ticket: str, by: str, details: str, now: datetime) -> list[Event]:
        """Recorded once for each ticket; a repetition only changes the details."""
        if not self.live_revision:
            raise NotPublished(f"{self.id} is not published: nothing to reuse yet", f"{self.id} 未发布，暂不可复用")
        self.changed_at = now
        for one in self.reuses:
            if one.ticket == ticket:
                one.details = details or one.details
                self.told.pop(ticket, None)
                return []
        self.keep_reuse(Reuse(ticket=ticket, by=by, time=now, details=details))
        return self.count_reuse(ticket, by, now)

    # ---- steps that commands and facts share

    def move(self, to: ArticleState, now: datetime) -> None:
        """Raises IllegalMove."""
        if to not in TRANSITIONS[self.state]:
            raise IllegalMove(
                f"{self.id} is {self.state.label.en} and cannot become {to.label.en}",
                f"{self.id} 为“{self.state.label.zh}”，不能变为“{to.label.zh}”",
            )
        self.state, self.changed_at = to, now

    def revise(self, content: Content, author: str, now: datetime) -> None:
        """Add a revision. The oldest are dropped, but for the published one."""
        new = Revision(number=self.latest.number + 1, author=author, time=now, content=content)
        kept = self.revisions[-(MAX_REVISIONS - 1) :]
        live = [one for one in self.revisions if one.number == self.live_revision and one not in kept]
        drafted_from = self.learnt_from.get(str(self.latest.number), 0)
        self.revisions = [*live, *kept, new]
        there = {str(one.number): self.learnt_from.get(str(one.number), 0) for one in self.revisions}
        self.learnt_from = {number: version for number, version in there.items() if version}
        if drafted_from:
            self.learnt_from[str(new.number)] = drafted_from

    def keep_reuse(self, reuse: Reuse) -> None:
        """The newest are kept, in whatever order they are heard."""
        self.reuses = sorted([*self.reuses, reuse], key=lambda one: (one.time, one.ticket))[-MAX_REUSES:]

    def count_reuse(self, ticket: str, by: str, at: datetime) -> list[Event]:
        self.reuse_count += 1
        return [KbArticleReused(subject=ticket, time=at, article=self.id, title=self.latest.content.title, by=by)]

    def _unpublish(self, to: ArticleState, reason: str, now: datetime) -> list[Event]:
        was_live = self.live
        self.move(to, now)
        self.live_revision, self.reason = 0, reason
        if was_live is None:
            return []
        return [KbArticleStale(subject=self.id, time=now, title=was_live.content.title, reason=reason)]
