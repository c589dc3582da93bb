from services.kb.articles.ids import article_id
from shared.domain import Origin
from shared.events import KbArticleDrafted
from shared.testing import NOON, World
from tests.kb.scene import TICKET, completed, kb_of, published_article


async def test_a_number_that_an_event_names_is_not_given_again_by_another_database(world: World) -> None:
    kb, by = kb_of(world), Origin("e-chen")
    told = KbArticleDrafted(subject="KB-000051", time=NOON, ticket="", title="批量打印", tags=[])
    for subject in ("KB-000051", "KB-000007", article_id("TK-2026-000900")):
        await world.publish(told.model_copy(update={"id": subject, "subject": subject}))
    await world.publish(completed())
    content = (await kb.articles.store.get(article_id(TICKET))).latest.content
    assert [(await kb.articles.write(content, "e-chen", by)).id for _ in range(2)] == ["KB-000053", "KB-000054"]


async def test_questions_use_an_index(world: World) -> None:
    articles = kb_of(world).articles.store
    await published_article(world)
    for query in (
        {"_keys": articles.key_of(TICKET)},
        {"state": "draft", "_row": {"$gt": 0, "$lte": 200}},
        {"_row": {"$gt": 0, "$lte": 200}},
        {"_row": None},
        {"_changed": {"$gte": NOON}},
    ):
        assert "COLLSCAN" not in str(await articles.explain(query)), query
    for query in ({"article": "KB-1"}, {"_changed": {"$gte": NOON}}):
        assert "COLLSCAN" not in str(await kb_of(world).cases.store.explain(query)), query
