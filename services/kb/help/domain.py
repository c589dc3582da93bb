"""Which published articles customers may read."""

import re

from services.kb.articles.content import Audience, Content
from services.kb.articles.domain import Article

FOR_CUSTOMERS = (Audience.PUBLIC, Audience.CUSTOMERS)
_CHINESE = re.compile(r"[\u3400-\u9fff]")


def is_for(article: Article, audiences: tuple[Audience, ...]) -> bool:
    return article.open_to in audiences


def language_of(content: Content) -> str:
    """`zh` or `en`."""
    return "zh" if _CHINESE.search(content.title + content.problem) else "en"
