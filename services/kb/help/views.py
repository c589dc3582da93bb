"""What customers see of an article."""

from datetime import datetime
from typing import Self

from services.kb.articles.content import Audience, Revision
from services.kb.articles.markdown import FileUrl, html_of
from services.kb.help.domain import language_of
from shared.http import View


class HelpRow(View):
    """A published article in a list."""

    id: str
    """Its id"""
    title: str
    """What the problem is called"""
    language: str
    """zh or en"""
    audience: Audience
    """Who may read it"""
    tags: list[str]
    """Words by which it is found"""
    product: str
    """The product that it is about"""
    affected_versions: list[str]
    """The versions that have the problem"""
    fixed_versions: list[str]
    """The versions that do not have it any more"""
    written_at: datetime
    """When this text was written"""

    @classmethod
    def of(cls, id: str, live: Revision) -> Self:
        return cls.model_validate(known(id, live))


class HelpView(HelpRow):
    """A published article. Its texts are HTML that is safe to show."""

    problem: str
    """How it shows"""
    root_cause: str
    """Why it happens"""
    solution: str
    """What to do"""

    @classmethod
    def rendered(cls, id: str, live: Revision, file_url: FileUrl) -> Self:
        content = live.content
        texts = {name: html_of(getattr(content, name), file_url) for name in ("problem", "root_cause", "solution")}
        return cls.model_validate({**known(id, live), **texts})


def known(id: str, live: Revision) -> dict[str, object]:
    about = {**dict(live.content), "language": language_of(live.content)}
    return {**about, "id": id, "written_at": live.time}
