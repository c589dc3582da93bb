"""A digest: what a person is told in one message, by ticket, the last state first and all changes."""

from collections.abc import Sequence
from itertools import groupby
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime

from services.notify.templates.domain import Content, local_time
from services.notify.templates.phrases import phrase
from shared.domain import Value

OF_DIGEST = "digest:"
MOST_TEXT = 1000  # characters of each change but the last one of a ticket, which is there in full up to MOST_LAST
MOST_LAST = 2000


class DigestItem(Value):
    """A delivery that is told in it, by its id."""

    id: str
    ticket: str
    template: str
    at: AwareDatetime
    title: str
    text: str


def digest_of(items: Sequence[DigestItem], language: str, zone: ZoneInfo) -> Content:
    """Of one that is alone, what it says."""
    if len(items) == 1:
        return Content(title=items[0].title, text=items[0].text)
    by_ticket = groupby(sorted(items, key=lambda one: (one.ticket, one.at)), lambda one: one.ticket)
    subjects = sorted((list(group) for _, group in by_ticket), key=lambda group: group[-1].at, reverse=True)
    title = phrase("digest.changes", language, changes=len(items), tickets=len(subjects))
    return Content(title=title, text="\n\n———\n\n".join(_subject(group, language, zone) for group in subjects))


def _subject(changes: Sequence[DigestItem], language: str, zone: ZoneInfo) -> str:
    *earlier, last = changes
    head = f"[{last.ticket}] {last.title}" if last.ticket else last.title
    lines = [head, local_time(last.at, zone), "", last.text[:MOST_LAST]]
    if earlier:
        lines += ["", phrase("digest.earlier", language)]
        lines += [f"\n{local_time(one.at, zone)} {one.title}\n{one.text[:MOST_TEXT]}" for one in reversed(earlier)]
    return "\n".join(lines)
