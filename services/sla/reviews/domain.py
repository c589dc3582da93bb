"""One review: planned, made, and published, after which it stays as it is."""

import hashlib
import json
from datetime import date, datetime

from pydantic import AwareDatetime

from services.sla.reviews.content import ReviewContent
from shared.domain import Aggregate, Conflict
from shared.events import Event
from shared.events.sla_reviews import SlaReviewMade, SlaReviewPublished
from shared.terms import Term, Text


class State(Term):
    PLANNED = "planned", "planned", "待生成"
    DRAFT = "draft", "draft", "草稿"
    PUBLISHED = "published", "published", "已发布"


class AlreadyPublished(Conflict):
    title = Text("The review is published", "复盘已发布")


class NotMadeYet(Conflict):
    title = Text("The review has not been made yet", "复盘尚未生成")


class Review(Aggregate):
    """Of the tickets opened from `since` until before `until`. `due_at` is when a planned one is made. `digest` is the
    SHA-256 of the content as canonical JSON."""

    since: date
    until: date
    state: State = State.PLANNED
    content: ReviewContent | None = None
    made_at: AwareDatetime | None = None
    published_at: AwareDatetime | None = None
    published_by: str = ""
    digest: str = ""
    due_at: AwareDatetime | None = None

    def make(self, content: ReviewContent, now: datetime) -> list[Event]:
        """Raises AlreadyPublished."""
        if self.state is State.PUBLISHED:
            raise AlreadyPublished(
                f"{self.id} was published on {self.published_at:%Y-%m-%d} and no longer changes",
                f"{self.id} 已于 {self.published_at:%Y-%m-%d} 发布，不可再更改",
            )
        self.content, self.made_at, self.state, self.due_at = content, now, State.DRAFT, None
        self.digest = digest_of(content)
        return [SlaReviewMade(subject=self.id, time=now, **self._period)]

    def publish(self, by: str, now: datetime) -> list[Event]:
        """Raises NotMadeYet, AlreadyPublished."""
        if self.content is None:
            raise NotMadeYet(f"{self.id} is planned for {self.until}", f"{self.id} 计划于 {self.until} 生成")
        if self.state is State.PUBLISHED:
            raise AlreadyPublished(f"{self.id} is published already", f"{self.id} 已经发布")
        self.state, self.published_at, self.published_by = State.PUBLISHED, now, by
        return [SlaReviewPublished(subject=self.id, time=now, digest=self.digest, **self._period)]

    @property
    def made(self) -> ReviewContent:
        """Raises NotMadeYet."""
        if self.content is None:
            raise NotMadeYet(f"{self.id} is planned for {self.until}", f"{self.id} 计划于 {self.until} 生成")
        return self.content

    @property
    def _period(self) -> dict[str, str]:
        return {"since": self.since.isoformat(), "until": self.until.isoformat()}


def digest_of(content: ReviewContent) -> str:
    text = json.dumps(content.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
