"""What people send to a search, and see of what it found."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints

from services.kb.search.domain import MAX_QUESTION, By, Filters, Found
from shared.events import SearchCases
from shared.http import Body, View
from shared.terms import Category, Known, Whole

MOST_FOUND = 20
MOST_VALUES = 20  # of one filter
Fingerprint = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128)]
Value = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Version = Annotated[str, StringConstraints(strip_whitespace=True, max_length=50, pattern=r"^(?:.*\d.*)?$")]


class SearchBody(Body):
    """What is looked for. A pasted log or stack trace is recognized: what has the same error comes first."""

    text: str = Field(max_length=MAX_QUESTION)
    """A problem, in anybody's words; a first line of up to 200 characters counts as its title"""
    fingerprints: list[Fingerprint] = Field(default_factory=list, max_length=20)
    """Of stack traces, as log analyses give them: what has one comes first"""
    product: list[Value] = Field(default_factory=list, max_length=MOST_VALUES)
    """Only of one of these products"""
    module: list[Value] = Field(default_factory=list, max_length=MOST_VALUES)
    """Only of one of these modules"""
    category: list[Known[Category]] = Field(default_factory=list, max_length=MOST_VALUES)
    """Only of one of these categories"""
    version_from: Version = ""
    """Only of this version of the product and later ones"""
    version_to: Version = ""
    """Only of this version of the product and earlier ones"""
    limit: Whole = Field(5, ge=1, le=MOST_FOUND)
    """How many to find at most"""

    def query(self) -> SearchCases:
        return SearchCases(text=self.text, fingerprints=self.fingerprints, limit=self.limit)

    def filters(self) -> Filters:
        return Filters(
            product=self.product,
            module=self.module,
            category=[one.value for one in self.category],
            version_from=self.version_from,
            version_to=self.version_to,
        )


class PassageView(View):
    """A piece of a text with words that were looked for; plain text, in which nothing is escaped."""

    field: str
    """Where it stands: `title`, `tags`, `problem`, `description`, `solution` and others"""
    text: str
    """The piece, on one line"""
    marks: list[tuple[int, int]]
    """The words in it: from which character on, up to which, counted in Unicode code points from 0"""


class WhyView(View):
    """In what it is like the question."""

    by: str
    """`fingerprint`, `version`, `words` or `meaning`"""
    values: list[str]
    """What both have: the fingerprints, the version, the words; nothing for `meaning`"""
    en: str
    """In English"""
    zh: str
    """In Chinese"""


class FoundView(View):
    """What every result of a search has."""

    score: float | None = None
    """How well it matches, from 0 to 1; null where nothing was searched for"""
    exact: bool = False
    """Whether it has one of the fingerprints that were searched for"""
    why: list[WhyView] = Field(default_factory=list)
    """In what it is like the question, the strongest reason first"""
    passage: PassageView | None = None
    """Where the words stand; null where it was found by something else"""

    def found(self, one: Found) -> Self:
        known = {"score": round(one.score, 4), "exact": one.exact, "why": [_why(why.by, why.values) for why in one.why]}
        passage = PassageView.model_validate(one.passage) if one.passage else None
        return self.model_copy(update={**known, "passage": passage})


class FacetView(View):
    """How many of those that can be found have this value."""

    value: str
    """As it is compared: in small letters"""
    count: int
    """How many have it"""


class FacetsView(View):
    """Of each field the most frequent values."""

    product: list[FacetView]
    """Products"""
    product_version: list[FacetView]
    """Versions of products"""
    module: list[FacetView]
    """Modules"""
    category: list[FacetView]
    """Categories"""

    @classmethod
    def of(cls, counted: dict[str, dict[str, int]]) -> Self:
        named = {"product_version_text": "product_version"}
        return cls.model_validate(
            {
                named.get(name, name): [FacetView(value=value, count=count) for value, count in values.items()]
                for name, values in counted.items()
                if named.get(name, name) in cls.model_fields
            }
        )


def _why(by: str, values: list[str]) -> WhyView:
    term = By.of(by)
    said = f": {', '.join(values)}" if values else ""
    return WhyView(by=by, values=values, en=f"{term.label.en}{said}", zh=f"{term.label.zh}{said.replace(': ', '：')}")
