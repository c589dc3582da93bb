"""What the index has of articles and cases."""

from services.kb.search.domain import Filters, Kind, Searchable, keyword, version_number
from shared.search.embedder import beginning
from shared.search.entries import Entry, Wanted
from shared.search.schema import Fields

TITLE, BODY, VERSION = "title", "body", "product_version"
KIND, FINGERPRINT, ARTICLE = "kind", "fingerprint", "article"
FACETS = ("product", "product_version_text", "module", "category", "audience")
FIELDS = Fields(
    texts=(),
    keywords=(KIND, FINGERPRINT, ARTICLE, *FACETS),
    numbers=(VERSION,),
    titles=(TITLE,),
    bodies=(BODY,),
    facets=FACETS,
    by_meaning=True,
)


def entry_of(one: Searchable) -> Entry:
    """What must not be found is known by its version alone."""
    what = one.entry()
    if what is None:
        return Entry(one.id, one.version, {}, {}, {})
    heading = what.heading()
    texts = {TITLE: heading, BODY: "\n".join((heading, *(text for _, text in what.texts)))}
    keywords = {
        KIND: [what.kind.value],
        FINGERPRINT: list(what.fingerprints),
        ARTICLE: [what.article] if what.article else [],
        "category": [what.category.value] if what.category else [],
        "audience": [what.audience] if what.audience else [],
        "product": [keyword(what.product)] if what.product else [],
        "product_version_text": [keyword(what.product_version)] if what.product_version else [],
        "module": [keyword(what.module)] if what.module else [],
    }
    number = version_number(what.product_version)
    numbers = {} if number is None else {VERSION: number}
    return Entry(one.id, one.version, texts, keywords, numbers, beginning(what.title))


def wanted_of(kind: Kind, filters: Filters) -> Wanted:
    keywords: dict[str, list[str]] = {KIND: [kind.value]}
    for name in ("product", "module"):
        if values := getattr(filters, name):
            keywords[name] = [keyword(value) for value in values]
    for name in ("category", "audience"):
        if values := getattr(filters, name):
            keywords[name] = list(values)
    low = version_number(filters.version_from) if filters.version_from else None
    high = version_number(filters.version_to) if filters.version_to else None
    ranged = low is not None or high is not None
    return Wanted(keywords=keywords, numbers={VERSION: (low, high)} if ranged else {})
