"""Articles for customers, asked for by another service."""

from dataclasses import dataclass

from services.kb.articles.content import Audience, Content
from services.kb.articles.handlers import ArticleHandlers
from services.kb.articles.markdown import html_of
from services.kb.help.domain import is_for, language_of
from shared.events.kb import ArticleText, ReadArticle
from shared.texts import off_loop


@dataclass(frozen=True)
class HelpHandlers:
    articles: ArticleHandlers

    async def read(self, asked: ReadArticle) -> ArticleText:
        """What is not for them does not exist."""
        audiences = tuple(one for one in Audience if one.value in asked.audiences)
        found = await self.articles.store.find(asked.article)
        if found and found.merged_into:
            found = await self.articles.store.find(found.merged_into)
        if found is None or found.live is None or not is_for(found, audiences):
            return ArticleText()
        content = found.live.content
        return await off_loop(len(content.problem) + len(content.solution), _rendered, found.id, content)


def _rendered(id: str, content: Content) -> ArticleText:
    texts = {name: html_of(getattr(content, name)) for name in ("problem", "root_cause", "solution")}
    return ArticleText(article=id, title=content.title, language=language_of(content), **texts)
