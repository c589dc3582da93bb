"""Articles: how a draft becomes knowledge that people may rely on, and what people do with it."""

from datetime import datetime

from pydantic import AwareDatetime, ConfigDict, Field, PrivateAttr

from services.kb.articles.content import ArticleFile, Content, Reuse, Revision
from services.kb.articles.ids import article_id, manual_id
from services.kb.search.domain import Searchable, Searched
from shared.domain import Conflict, Forbidden, NotFound
from shared.erasing import ERASED
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
MAX_FILES = 50


class ArticleState(Term):
    """The state of an article's latest revision; the published revision may be an older one."""

    DRAFT = "draft", "draft", "草稿"
    APPROVED = "approved", "approved", "已审核"
    PUBLISHED = "published", "published", "已发布"
    STALE = "stale", "stale", "已过时"
    WITHDRAWN = "withdrawn", "withdrawn", "已废止"
    MERGED = "merged", "merged into another", "已合并"


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
    ArticleState.MERGED: frozenset(),
}


class WrongState(Conflict):
    title = Text("Not possible in the article's current state", "知识条目当前状态不允许此操作")


class NotApproved(Conflict):
    title = Text("The article has not been approved", "知识条目尚未审核")


class OwnText(Forbidden):
    title = Text("Somebody else must approve it", "须由他人审核")


class TooManyFiles(Conflict):
    title = Text("The article has too many files", "知识条目的附件过多")


class NotPublished(Conflict):
    title = Text("The article is not published", "知识条目未发布")


class Article(Searchable):
    """Events about tickets may come late, twice and in any order (see facts.py), so it keeps ticket versions: those of
    the newest completion and reopening of its own ticket, the one that each revision was drafted from, and the one that
    reported each reuse (none where a person recorded it). Aliases are the stored names."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True)

    number: int = 0  # of those that people wrote
    state: ArticleState = ArticleState.DRAFT
    revisions: list[Revision]
    live_revision: int = 0  # the published one; 0: none
    ticket: str = ""  # that it was drafted from
    reason: str = ""  # why it is stale or withdrawn
    files: list[ArticleFile] = Field(default_factory=list)
    imported: str = ""  # the digest of what was last imported into it
    owner: str = ""  # who keeps it right, as a subject
    due_at: AwareDatetime | None = None  # when it is to be looked at again
    merged_into: str = ""
    before_merging: ArticleState | None = None
    reuses: list[Reuse] = Field(default_factory=list)
    reuse_count: int = 0
    completed_version: int = Field(0, alias="learnt")
    reopened_version: int = Field(0, alias="doubted")
    drafted_versions: dict[str, int] = Field(default_factory=dict, alias="learnt_from")
    reuse_versions: dict[str, int] = Field(default_factory=dict, alias="told")
    changed_at: AwareDatetime
    _row: int = PrivateAttr(0)  # its position in lists

    @classmethod
    def written(cls, number: int, content: Content, author: str, now: datetime) -> "Article":
        """By a person."""
        first = Revision(number=1, author=author, time=now, content=content)
        return cls(id=manual_id(number), number=number, revisions=[first], changed_at=now)

    @classmethod
    def from_ticket(cls, ticket: str, content: Content, version: int, at: datetime) -> "Article":
        first = Revision(number=1, author=SYSTEM, time=at, content=content)
        known = {"ticket": ticket, "completed_version": version, "drafted_versions": {"1": version}}
        return cls(id=article_id(ticket), revisions=[first], changed_at=at, **known)

    @property
    def latest(self) -> Revision:
        return self.revisions[-1]

    @property
    def live(self) -> Revision | None:
        """The published revision."""
        return next((one for one in self.revisions if one.number == self.live_revision), None)

    def entry(self) -> Searched | None:
        return self.live.content.entry(self.id) if self.live and not self.merged_into else None

    @property
    def open_to(self) -> str:
        """The audience of what is published; empty where nothing is."""
        return str(self.live.content.audience) if self.live and not self.merged_into else ""

    def keep_up(self, owner: str, due_at: datetime | None) -> list[Event]:
        """Name who keeps it right, and when it is to be looked at again."""
        self.owner, self.due_at = owner, due_at
        return []

    def drafted(self, now: datetime) -> list[Event]:
        content = self.latest.content
        return [KbArticleDrafted(subject=self.id, time=now, ticket=self.ticket, title=content.title, tags=content.tags)]

    def forget_words(self) -> list[Event]:
        """Those of the customer of its ticket, unless somebody has approved them."""
        if not any(one.approved_by for one in self.revisions):
            blank = {"title": ERASED, "problem": ERASED, "solution": ERASED, "root_cause": ERASED}
            self.revisions = [
                one.model_copy(update={"content": one.content.model_copy(update=blank)}) for one in self.revisions
            ]
        return []

    # ---- what people do; may be refused

    def edit(self, content: Content, author: str, now: datetime) -> list[Event]:
        """Add a revision, to be approved; the published one is found until the new one is published."""
        if content == self.latest.content:
            return []
        self.move(ArticleState.DRAFT, now)
        self.revise(content, author, now)
        return []

    def approve(self, by: str, now: datetime) -> list[Event]:
        """Raises OwnText."""
        if by == self.latest.author:
            raise OwnText("You wrote this revision; somebody else must approve it", "这一版由您撰写，须由他人审核")
        self.move(ArticleState.APPROVED, now)
        self.latest.approved_by = by
        title, number = self.latest.content.title, self.latest.number
        return [KbArticleApproved(subject=self.id, time=now, title=title, article_revision=number)]

    def publish(self, now: datetime) -> list[Event]:
        if self.state in (ArticleState.DRAFT, ArticleState.STALE):
            raise NotApproved(
                f"Revision {self.latest.number} of {self.id} must be approved before it can be published",
                f"{self.id} 第 {self.latest.number} 版须审核通过后才能发布",
            )
        self.move(ArticleState.PUBLISHED, now)
        number, content = self.latest.number, self.latest.content
        self.live_revision, self.reason = number, ""
        what = {"title": content.title, "tags": content.tags, "article_revision": number}
        return [KbArticlePublished(subject=self.id, time=now, **what)]

    def roll_back(self, number: int, by: str, now: datetime) -> list[Event]:
        """Publish the text of an approved revision again, as a new one. Raises NotFound, NotApproved, WrongState."""
        old = self.revision(number)
        if not old.approved_by:
            raise NotApproved(
                f"Revision {number} of {self.id} was never approved", f"{self.id} 第 {number} 版从未审核通过"
            )
        self.move(ArticleState.DRAFT, now) if self.state is not ArticleState.DRAFT else None
        self.revise(old.content, by, now)
        self.latest.approved_by = old.approved_by
        self.move(ArticleState.APPROVED, now)
        return self.publish(now)

    def revision(self, number: int) -> Revision:
        """Raises NotFound."""
        found = next((one for one in self.revisions if one.number == number), None)
        if found is None:
            raise NotFound(f"{self.id} has no revision {number}", f"{self.id} 没有第 {number} 版")
        return found

    def attach(self, file: ArticleFile) -> list[Event]:
        """The same content once. Raises TooManyFiles."""
        if self.file_with(file.sha256) is None:
            self.require_room_for_file()
            self.files.append(file)
        return []

    def file_with(self, sha256: str) -> ArticleFile | None:
        return next((one for one in self.files if one.sha256 == sha256), None)

    def require_room_for_file(self) -> None:
        if len(self.files) >= MAX_FILES:
            raise TooManyFiles(f"An article has at most {MAX_FILES} files", f"每个知识条目最多 {MAX_FILES} 个附件")

    def mark_stale(self, reason: str, now: datetime) -> list[Event]:
        if not self.live_revision:
            raise NotPublished(
                f"{self.id} is not published; only published articles can be marked as stale",
                f"{self.id} 未发布，只有已发布的知识条目才能标记为已过时",
            )
        return self._unpublish(ArticleState.STALE, reason, now)

    def withdraw(self, reason: str, now: datetime) -> list[Event]:
        return self._unpublish(ArticleState.WITHDRAWN, reason, now)

    def reuse(self, ticket: str, by: str, details: str, now: datetime) -> list[Event]:
        """Recorded once for each ticket; a repetition only changes the details. Raises NotPublished."""
        self.require_reusable()
        self.changed_at = now
        for one in self.reuses:
            if one.ticket == ticket:
                one.details = details or one.details
                self.reuse_versions.pop(ticket, None)
                return []
        self.keep_reuse(Reuse(ticket=ticket, by=by, time=now, details=details))
        return self.count_reuse(ticket, by, now)

    def require_reusable(self) -> None:
        """Raises NotPublished."""
        if not self.live_revision or self.merged_into:
            raise NotPublished(
                f"{self.id} is not published; only published articles can be reused",
                f"{self.id} 未发布，只有已发布的知识条目才能复用",
            )

    # ---- steps that commands and facts share

    def move(self, to: ArticleState, now: datetime) -> None:
        """Raises WrongState."""
        if to not in TRANSITIONS[self.state]:
            is_, to_be = self.state.label, to.label
            if to is self.state:
                raise WrongState(f"{self.id} is already {is_.en}", f"{self.id} 已处于“{is_.zh}”状态")
            raise WrongState(
                f"{self.id} is {is_.en} and cannot become {to_be.en}",
                f"{self.id} 当前状态为“{is_.zh}”，不能变更为“{to_be.zh}”",
            )
        self.state, self.changed_at = to, now

    def revise(self, content: Content, author: str, now: datetime) -> None:
        """Add a revision. The oldest are dropped, but for the published one."""
        new = Revision(number=self.latest.number + 1, author=author, time=now, content=content)
        kept = self.revisions[-(MAX_REVISIONS - 1) :]
        live = [one for one in self.revisions if one.number == self.live_revision and one not in kept]
        drafted_from = self.drafted_versions.get(str(self.latest.number), 0)
        self.revisions = [*live, *kept, new]
        there = {str(one.number): self.drafted_versions.get(str(one.number), 0) for one in self.revisions}
        self.drafted_versions = {number: version for number, version in there.items() if version}
        if drafted_from:
            self.drafted_versions[str(new.number)] = drafted_from

    def keep_reuse(self, reuse: Reuse) -> None:
        """The newest are kept, in whatever order they are received."""
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
