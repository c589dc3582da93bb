"""Articles: what was learnt, who stands for it, and how a draft becomes something that people may rely on."""

from datetime import datetime

from pydantic import AwareDatetime, Field

from shared.domain import Aggregate, Conflict, Value
from shared.events import (
    Event,
    KbArticleApproved,
    KbArticleDrafted,
    KbArticlePublished,
    KbArticleReused,
    KbArticleStale,
)
from shared.terms import Category, Term, Text

OURSELVES = "kb"
MOST_REVISIONS = 20
MOST_REUSES = 200
LONGEST_DETAILS = 1000  # characters


class State(Term):
    """Of an article's newest revision. What people find is the published one, which may be older."""

    DRAFT = "draft", "draft", "草稿"
    APPROVED = "approved", "approved", "已审核"
    PUBLISHED = "published", "published", "已发布"
    STALE = "stale", "stale", "已过时"
    WITHDRAWN = "withdrawn", "withdrawn", "已撤回"


MOVES: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.DRAFT, State.APPROVED, State.STALE, State.WITHDRAWN}),
    State.APPROVED: frozenset({State.DRAFT, State.PUBLISHED, State.STALE, State.WITHDRAWN}),
    State.PUBLISHED: frozenset({State.DRAFT, State.STALE, State.WITHDRAWN}),
    State.STALE: frozenset({State.DRAFT, State.APPROVED, State.WITHDRAWN}),
    State.WITHDRAWN: frozenset(),
}


class IllegalMove(Conflict):
    title = Text("The article is in another state", "文章当前状态不允许此操作")


class NotApproved(Conflict):
    title = Text("Nobody has approved it yet", "文章尚未审核")


class NotPublished(Conflict):
    title = Text("The article is not published", "文章未发布")


class Content(Value):
    """What an article says."""

    title: str
    problem: str
    solution: str
    root_cause: str = ""
    category: Category | None = None
    tags: list[str] = Field(default_factory=list)
    fingerprints: list[str] = Field(default_factory=list)
    product: str = ""
    product_version: str = ""


class Revision(Value):
    number: int
    author: str
    time: AwareDatetime
    content: Content
    approved_by: str = ""


class Reuse(Value):
    """A ticket that the article helped with, and what was particular about it."""

    ticket: str
    by: str
    time: AwareDatetime
    details: str = ""


class Article(Aggregate):
    number: int
    state: State = State.DRAFT
    revisions: list[Revision]
    live_revision: int = 0  # 0: nobody finds it
    ticket: str = ""  # where it was learnt
    reason: str = ""  # why it is stale or withdrawn
    reuses: list[Reuse] = Field(default_factory=list)
    reuse_count: int = 0
    changed_at: AwareDatetime

    @classmethod
    def draft(cls, number: int, content: Content, author: str, now: datetime, ticket: str = "") -> "Article":
        first = Revision(number=1, author=author, time=now, content=content)
        return cls(id=f"KB-{number:06d}", number=number, revisions=[first], ticket=ticket, changed_at=now)

    @property
    def latest(self) -> Revision:
        return self.revisions[-1]

    @property
    def live(self) -> Revision | None:
        """The revision that people find."""
        return next((one for one in self.revisions if one.number == self.live_revision), None)

    def drafted(self, now: datetime) -> list[Event]:
        content = self.latest.content
        return [KbArticleDrafted(subject=self.id, time=now, ticket=self.ticket, title=content.title, tags=content.tags)]

    # ---- asked by people: may be refused

    def edit(self, content: Content, author: str, now: datetime) -> list[Event]:
        """A new revision to be approved; the published one is found until the new one takes its place."""
        if content == self.latest.content:
            return []
        self._move(State.DRAFT, now)
        self._revise(content, author, now)
        return []

    def approve(self, by: str, now: datetime) -> list[Event]:
        self._move(State.APPROVED, now)
        self.latest.approved_by = by
        return [KbArticleApproved(subject=self.id, time=now, title=self._title, article_revision=self.latest.number)]

    def publish(self, now: datetime) -> list[Event]:
        if self.state in (State.DRAFT, State.STALE):
            raise NotApproved(
                f"revision {self.latest.number} of {self.id} must be approved before it is published",
                f"{self.id} 第 {self.latest.number} 版须先审核通过才能发布",
            )
        self._move(State.PUBLISHED, now)
        self.live_revision, self.reason = self.latest.number, ""
        content = self.latest.content
        return [
            KbArticlePublished(
                subject=self.id, time=now, title=content.title, tags=content.tags, article_revision=self.latest.number
            )
        ]

    def mark_stale(self, reason: str, now: datetime) -> list[Event]:
        if not self.live_revision:
            raise NotPublished(f"{self.id} is not published, so nobody relies on it", f"{self.id} 未发布，无人使用")
        return self._leave_shelf(State.STALE, reason, now)

    def withdraw(self, reason: str, now: datetime) -> list[Event]:
        return self._leave_shelf(State.WITHDRAWN, reason, now)

    def reuse(self, ticket: str, by: str, details: str, now: datetime) -> list[Event]:
        """Recorded once for each ticket; saying it again only changes the details."""
        if not self.live_revision:
            raise NotPublished(f"{self.id} is not published: nothing to reuse yet", f"{self.id} 未发布，暂不可复用")
        return self._record(ticket, by, details, now)

    # ---- told by events: never refused

    def reused(self, ticket: str, by: str, details: str, now: datetime) -> list[Event]:
        """A solution that names this article was accepted; an engineer's own details are kept."""
        if any(one.ticket == ticket and one.details for one in self.reuses):
            return []
        return self._record(ticket, by, details, now)

    def learn(self, content: Content, now: datetime) -> list[Event]:
        """Its ticket was solved once more, after a reopening; the same solution is nothing new."""
        known = self.latest.content
        same = (content.solution, content.root_cause) == (known.solution, known.root_cause)
        if same or self.state is State.WITHDRAWN:
            return []
        self._move(State.DRAFT, now)
        self._revise(content, OURSELVES, now)
        return self.drafted(now)

    def doubt(self, reason: str, now: datetime) -> list[Event]:
        """Its ticket was reopened: out of the search if it was published, otherwise back to a draft."""
        if self.live_revision:
            return self._leave_shelf(State.STALE, reason, now)
        if self.state is State.APPROVED:
            self._move(State.DRAFT, now)
            self.reason = reason
        return []

    # ---- inside

    @property
    def _title(self) -> str:
        return self.latest.content.title

    def _move(self, to: State, now: datetime) -> None:
        if to not in MOVES[self.state]:
            raise IllegalMove(
                f"{self.id} is {self.state.label.en} and cannot become {to.label.en}",
                f"{self.id} 为“{self.state.label.zh}”，不能变为“{to.label.zh}”",
            )
        self.state, self.changed_at = to, now

    def _revise(self, content: Content, author: str, now: datetime) -> None:
        new = Revision(number=self.latest.number + 1, author=author, time=now, content=content)
        kept = self.revisions[-(MOST_REVISIONS - 1) :]
        live = [one for one in self.revisions if one.number == self.live_revision and one not in kept]
        self.revisions = [*live, *kept, new]

    def _leave_shelf(self, to: State, reason: str, now: datetime) -> list[Event]:
        was_live = self.live
        self._move(to, now)
        self.live_revision, self.reason = 0, reason
        if was_live is None:
            return []
        return [KbArticleStale(subject=self.id, time=now, title=was_live.content.title, reason=reason)]

    def _record(self, ticket: str, by: str, details: str, now: datetime) -> list[Event]:
        self.changed_at = now
        for one in self.reuses:
            if one.ticket == ticket:
                one.details = details or one.details
                return []
        self.reuses = [*self.reuses, Reuse(ticket=ticket, by=by, time=now, details=details)][-MOST_REUSES:]
        self.reuse_count += 1
        return [KbArticleReused(subject=ticket, time=now, article=self.id, title=self._title, by=by)]
