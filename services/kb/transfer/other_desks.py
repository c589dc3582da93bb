"""Knowledge bases of other desks, as their APIs give them.

Zammad: `POST /api/v1/knowledge_bases/init` with `answer_translation_content_ids`
(https://docs.zammad.org/en/latest/api/knowledgebase/index.html): maps by id of `KnowledgeBaseAnswer`,
`KnowledgeBaseAnswerTranslation` and `KnowledgeBaseAnswerTranslationContent`, as they are or under `assets`.

Zendesk: `GET /api/v2/help_center/articles` (https://developer.zendesk.com/api-reference/help_center/help-center-api/articles/):
`articles` with `id`, `title`, `body`, `locale`, `label_names`, `draft` and `user_segment_id`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from services.kb.articles.content import Audience
from services.kb.transfer.from_html import markdown_of
from shared.domain import Invalid

Found = tuple[str, dict[str, Any]]  # by what name it is known there, and what it says


def zammad(data: Mapping[str, Any]) -> Iterator[Found]:
    """Each translation of each answer. One that is published is for everybody, one for agents is internal."""
    assets = data.get("assets", data)
    answers, titles, bodies = (
        _by_id(assets, f"KnowledgeBaseAnswer{kind}") for kind in ("", "Translation", "TranslationContent")
    )
    if not titles:
        raise Invalid("No KnowledgeBaseAnswerTranslation in it", "内容中没有 KnowledgeBaseAnswerTranslation", "body")
    for id, one in sorted(titles.items()):
        answer = answers.get(str(one.get("answer_id")), {})
        if answer.get("archived_at"):
            continue
        body = bodies.get(str(one.get("content_id")), {}).get("body") or ""
        audience = Audience.PUBLIC if answer.get("published_at") else Audience.INTERNAL
        yield id, _facts(one.get("title"), body, audience, answer.get("tags"))


def zendesk(data: Mapping[str, Any]) -> Iterator[Found]:
    """Each article in its locale. One that is limited to a segment of users is for customers."""
    found = data.get("articles")
    if not isinstance(found, list):
        raise Invalid("No list of `articles` in it", "内容中没有 articles 列表", "body")
    for one in found:
        if not isinstance(one, Mapping):
            continue
        audience = Audience.CUSTOMERS if one.get("user_segment_id") else Audience.PUBLIC
        audience = Audience.INTERNAL if one.get("draft") else audience
        yield (
            f"{one.get('id')}-{one.get('locale') or ''}",
            _facts(one.get("title") or one.get("name"), one.get("body") or "", audience, one.get("label_names")),
        )


def _facts(title: object, body: object, audience: Audience, tags: object) -> dict[str, Any]:
    title = str(title or "").strip()
    labels = [str(one).strip()[:40] for one in tags][:20] if isinstance(tags, list) else []
    known = {"title": title, "problem": title, "solution": markdown_of(str(body)), "audience": str(audience)}
    return {**known, "tags": [one for one in labels if one]}


def _by_id(assets: Any, kind: str) -> dict[str, Mapping[str, Any]]:
    found = assets.get(kind) if isinstance(assets, Mapping) else None
    rows = found.items() if isinstance(found, Mapping) else ()
    return {str(id): one for id, one in rows if isinstance(one, Mapping)}
