"""Of a customer who is forgotten the case keeps its kind, and what an editor approved is the desk's."""

from shared.erasing import ERASED, Needles
from shared.events import ContactErased
from shared.testing import World
from tests.kb.scene import PROBLEM, TICKET, ask, completed, kb_of, publish

ERASURE = "ER-1"


async def forgotten(world: World) -> None:
    await world.publish(ContactErased(subject=ERASURE, time=world.now(), tickets=[TICKET, "TK-2026-000099"]))


async def test_a_case_and_its_draft_lose_their_words(world: World) -> None:
    await world.publish(completed())
    before = await kb_of(world).cases.store.get(TICKET)
    await forgotten(world)
    after = await kb_of(world).cases.store.get(TICKET)
    article = await kb_of(world).articles.store.get(f"KB-{TICKET}")
    said = Needles([PROBLEM.title, PROBLEM.description, PROBLEM.error_text, "升级到 3.2.1"])
    assert said.are_in(before.model_dump(mode="json"))
    assert not said.are_in([after.model_dump(mode="json"), article.model_dump(mode="json")])
    for kept in ("category", "satisfaction", "opened_at", "archived_at", "fingerprints", "assignee"):
        assert getattr(after, kept) == getattr(before, kept)
    assert [one.title for one in (await ask(world, PROBLEM.title)).suggestions if one.title != ERASED] == []


async def test_what_an_editor_approved_stays(world: World) -> None:
    await world.publish(completed())
    await publish(world, f"KB-{TICKET}")
    await forgotten(world)
    article = await kb_of(world).articles.store.get(f"KB-{TICKET}")
    assert article.latest.content.title == PROBLEM.title
