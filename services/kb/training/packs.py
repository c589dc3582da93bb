"""What people should know before a version goes live, and who has said that they do."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from pydantic import AwareDatetime, Field

from services.kb.articles.domain import Article
from shared.domain import Aggregate, Value
from shared.events import Event, KbReleasePackReady

REMIND_BEFORE = timedelta(days=2)
MOST_ARTICLES = 100


class Acknowledgement(Value):
    """That somebody has read the pack as it was in this edition."""

    by: str
    at: AwareDatetime
    edition: int


class PackArticle(Value):
    """An article in a pack, as it was called then."""

    id: str
    title: str


class ReleasePack(Aggregate):
    """Of one version of one product: what its `predecessors` are known to have it is taken to have too, unless it was
    fixed in between. Each change of what it says is a new edition, which is to be read anew."""

    product: str
    product_version: str
    goes_live_at: AwareDatetime
    release_notes: str = ""
    known_problems: list[PackArticle] = Field(default_factory=list)
    fixed_problems: list[PackArticle] = Field(default_factory=list)
    new_articles: list[PackArticle] = Field(default_factory=list)
    predecessors: list[str] = Field(default_factory=list)
    people: list[str] = Field(default_factory=list)
    edition: int = 1
    acknowledgements: list[Acknowledgement] = Field(default_factory=list)
    due_at: AwareDatetime | None = None
    changed_at: AwareDatetime

    @property
    def missing(self) -> list[str]:
        """Who should know it and has not said so, in this edition."""
        known = {one.by for one in self.acknowledgements if one.edition == self.edition}
        return [one for one in self.people if one not in known]

    def write(self, now: datetime, **said: object) -> list[Event]:
        """Set what it says and who should read it; the same again is no new edition."""
        texts = ("goes_live_at", "release_notes", "known_problems", "fixed_problems", "new_articles")
        is_new = any(getattr(self, name) != said[name] for name in texts)
        is_same = not is_new and self.people == said["people"]
        for name, value in said.items():
            setattr(self, name, value)
        if self.version and is_same:
            return []
        if self.version and is_new:
            self.edition += 1
        self.changed_at = now
        reminder = self.goes_live_at - REMIND_BEFORE
        self.due_at = reminder if reminder > now else None
        return self._ready(now)

    def acknowledge(self, by: str, now: datetime) -> list[Event]:
        """Anybody may; once for each edition."""
        if not any((one.by, one.edition) == (by, self.edition) for one in self.acknowledgements):
            self.acknowledgements.append(Acknowledgement(by=by, at=now, edition=self.edition))
        return []

    def remind(self, now: datetime) -> list[Event]:
        if self.due_at is None or self.due_at > now:
            return []
        self.due_at = None
        return self._ready(now) if self.missing else []

    def _ready(self, now: datetime) -> list[Event]:
        what = {"product": self.product, "version": self.product_version, "goes_live_at": self.goes_live_at}
        return [KbReleasePackReady(subject=self.id, time=now, people=self.missing, **what)]


def assembled(
    articles: Iterable[Article], version: str, since: datetime | None, predecessors: Sequence[str] = ()
) -> dict[str, Sequence[PackArticle]]:
    """The published articles of a product, by what they mean for this version: it has the problem, or a predecessor
    has and none is known in which it was fixed; it has it no more; or what is new since then."""
    known, fixed, new = [], [], []
    wanted, before = spelt(version), {spelt(name) for name in predecessors}
    for article in articles:
        if article.live is None or article.merged_into:
            continue
        content, one = article.live.content, PackArticle(id=article.id, title=article.live.content.title)
        affected = {spelt(name) for name in (*content.affected_versions, content.product_version)}
        fixed_in = {spelt(name) for name in content.fixed_versions}
        if wanted in fixed_in:
            fixed.append(one)
        elif wanted in affected or (affected & before and not fixed_in & before):
            known.append(one)
        elif since and article.live.time >= since:
            new.append(one)
    lists = {"known_problems": known, "fixed_problems": fixed, "new_articles": new}
    return {name: found[:MOST_ARTICLES] for name, found in lists.items()}


def spelt(version: str) -> str:
    """As versions are compared: `V3.2`, `v 3.2` and `3.2` are one."""
    return version.strip().lower().removeprefix("v").strip()
