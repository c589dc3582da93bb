"""What can be found of an article."""

from services.kb.articles.domain import Article
from services.kb.search.domain import Entry, Field


def of_article(article: Article) -> Entry | None:
    """None: it is not published, so nobody finds it."""
    if article.live is None:
        return None
    content = article.live.content
    fields = (
        Field(content.title, 3.0, short=True),
        Field(" ".join(content.tags), 2.0, short=True),
        Field(f"{content.product} {content.product_version}", 1.5, short=True),
        Field(content.problem),
        Field(content.root_cause, 0.7),
        Field(content.solution, 0.5),
    )
    return Entry(content.title, content.category, article.id, fields, tuple(content.fingerprints))
