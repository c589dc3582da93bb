"""The text of an article as people and imports give it."""

from typing import Annotated

from pydantic import Field, StringConstraints

from services.kb.articles.content import Audience, Content
from services.kb.search.result_views import Fingerprint
from shared.category_keys import CategoryKey
from shared.http import Body, example
from shared.terms import Line, OptionalLine, OptionalParagraph, Paragraph

Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
VersionName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]


class ArticleText(Body):
    """The whole text of an article; an edit replaces all of it."""

    model_config = example(
        title="Exporting a large report to Excel closes the program",
        problem="With more than 100,000 rows the program closes while it writes the file.",
        solution="Install patch V3.2.1.",
        root_cause="The export held all rows in memory.",
        category="function",
        tags=["export", "Excel"],
        product="ERP",
        product_version="V3.2",
    )

    title: Line
    """What the problem is called"""
    problem: Paragraph
    """How it shows"""
    solution: Paragraph
    """What to do"""
    root_cause: OptionalParagraph = ""
    """Why it happens"""
    category: CategoryKey | None = None
    """What kind of problem it is"""
    tags: list[Tag] = Field(default_factory=list, max_length=20)
    """Words by which it is found"""
    fingerprints: list[Fingerprint] = Field(default_factory=list, max_length=20)
    """Of the stack traces that come with it, as log analyses give them"""
    product: OptionalLine = ""
    """The product that it is about"""
    product_version: OptionalLine = ""
    """The version of the product"""
    affected_versions: list[VersionName] = Field(default_factory=list, max_length=50)
    """The versions that have the problem"""
    fixed_versions: list[VersionName] = Field(default_factory=list, max_length=50)
    """The versions that do not have it any more"""
    audience: Audience = Audience.INTERNAL
    """Who may read it once it is published"""

    def content(self) -> Content:
        return Content(**self.model_dump())
