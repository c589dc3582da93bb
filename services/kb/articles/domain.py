"""Articles: what was learnt, who stands for it, and how a draft becomes something that people may rely on."""

from datetime import datetime

from pydantic import AwareDatetime, Field, PrivateAttr

from services.kb.articles.ids import id_of
from services.kb.search.domain import Placed
from shared.domain import Conflict, Value
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


class Article(Placed):
    """What is heard of tickets may come late, twice and in any order: `learnt_from` says of each revision which version
    of its ticket it is about (0: none), `learnt` and `doubted` which the newest completion and reopening were that were
    heard, `told` which version of a ticket told of a reuse (those that a person recorded are not in it)."""

    number: int = 0  # of those that people wrote
    state: State = State.DRAFT
    revisions: list[Revision]
    live_revision: int = 0  # 0: nobody finds it
    ticket: str = ""  # where it was learnt
    reason: str = ""  # why it is stale or withdrawn
    reuses: list[Reuse] = Field(default_factory=list)
    reuse_count: int = 0
    learnt_from: dict[str, int] = Field(default_factory=dict)
    learnt: int = 0
    doubted: int = 0
    told: dict[str, int] = Field(default_factory=dict)
    changed_at: AwareDatetime
    _row: int = PrivateAttr(0)  # in lists

    @classmethod
    def written(cls, number: int, content: Content, author: str, now: datetime) -> "Article":
        """By a person."""
        first = Revision(number=1, author=author, time=now, content=content)
        return cls(id=f"KB-{number:06d}", number=number, revisions=[first], changed_at=now)

    @classmethod
    def from_ticket(cls, ticket: str, content: Content, version: int, at: datetime) -> "Article":
        first = Revision(number=1, author=OURSELVES, time=at, content=content)
        known = {"ticket": ticket, "learnt": version, "learnt_from": {"1": version}}
        return cls(id=id_of(ticket), revisions=[first], changed_at=at, **known)

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
        self.changed_at = now
        for one in self.reuses:
            if one.ticket == ticket:
                one.details = details or one.details
                self.told.pop(ticket, None)
                return []
        self._keep(Reuse(ticket=ticket, by=by, time=now, details=details))
        return self._count(ticket, by, now)

    # ---- told by events: never refused

    def reused(self, reuse: Reuse, version: int) -> list[Event]:
        """A solution that names this article was accepted; an engineer's own details are kept."""
        ticket = reuse.ticket
        known = next((one for one in self.reuses if one.ticket == ticket), None)
        if known and ticket not in self.told:
            known.details = known.details or reuse.details
            return []
        if version < self.told.get(ticket, 0):
            return []
        self.reuses = [one for one in self.reuses if one is not known]
        self._keep(reuse)
        told = {**self.told, ticket: version}
        self.told = {one.ticket: told[one.ticket] for one in self.reuses if one.ticket in told}
        return [] if known else self._count(ticket, reuse.by, reuse.time)

    def learn(self, content: Content, version: int, at: datetime) -> list[Event]:
        """Its ticket was solved once more, after a reopening. A draft of ours that nobody has touched says the newest
        solution; where people have decided something, another solution is a new draft and the same is nothing new."""
        if self.learnt and version <= self.learnt:
            return []
        self.learnt = version
        known, before = self.latest, self.latest.content
        if self.is_untouched:
            self.revisions = [
                *self.revisions[:-1],
                Revision(number=known.number, author=OURSELVES, time=at, content=content),
            ]
        elif self.state is State.WITHDRAWN or _same_solution(content, before):
            return []
        else:
            self._move(State.DRAFT, self.changed_at)
            self._revise(content, OURSELVES, at)
        self.learnt_from[str(self.latest.number)] = version
        self._changed_by_ticket(version, at)
        return [] if content == before else self.drafted(at)

    def doubt(self, reason: str, version: int, at: datetime) -> list[Event]:
        """Its ticket was reopened: what was learnt before that is out of the search if it was published, otherwise
        back to a draft. What was learnt later is not in doubt, also when the reopening is heard after it."""
        if self.doubted and version <= self.doubted:
            return []
        self.doubted = version
        live, newest_too = self.live, self._is_older(self.latest, version)
        if live and self._is_older(live, version):
            self.live_revision, self.reason = 0, reason
            self.state = State.STALE if newest_too else self.state
            self._changed_by_ticket(version, at)
            return [KbArticleStale(subject=self.id, time=at, title=live.content.title, reason=reason)]
        if self.state is State.APPROVED and newest_too:
            self.state, self.reason = State.DRAFT, reason
            self._changed_by_ticket(version, at)
        return []

    # ---- inside

    @property
    def is_untouched(self) -> bool:
        """The newest revision is a draft of ours, and nobody has said anything about it."""
        newest = self.latest
        return newest.author == OURSELVES and self.state is State.DRAFT and not newest.approved_by

    def _is_older(self, revision: Revision, version: int) -> bool:
        return self.learnt_from.get(str(revision.number), 0) <= version

    def _changed_by_ticket(self, version: int, at: datetime) -> None:
        if version >= max(self.learnt, self.doubted):
            self.changed_at = at

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
        about = self.learnt_from.get(str(self.latest.number), 0)
        self.revisions = [*live, *kept, new]
        there = {str(one.number): self.learnt_from.get(str(one.number), 0) for one in self.revisions}
        self.learnt_from = {number: version for number, version in there.items() if version}
        if about:
            self.learnt_from[str(new.number)] = about

    def _leave_shelf(self, to: State, reason: str, now: datetime) -> list[Event]:
        was_live = self.live
        self._move(to, now)
        self.live_revision, self.reason = 0, reason
        if was_live is None:
            return []
        return [KbArticleStale(subject=self.id, time=now, title=was_live.content.title, reason=reason)]

    def _keep(self, reuse: Reuse) -> None:
        """The newest are kept, whatever the order in which they are heard."""
        self.reuses = sorted([*self.reuses, reuse], key=lambda one: (one.time, one.ticket))[-MOST_REUSES:]

    def _count(self, ticket: str, by: str, at: datetime) -> list[Event]:
        self.reuse_count += 1
        return [KbArticleReused(subject=ticket, time=at, article=self.id, title=self._title, by=by)]


def _same_solution(one: Content, other: Content) -> bool:
    return (one.solution, one.root_cause) == (other.solution, other.root_cause)
