"""Of a person who is forgotten no word stays, and of the work on their ticket what was done, when and by whom."""

from shared.erasing import ERASED, Needles
from shared.events import ContactErased
from shared.testing import CHEN, World
from tests.triage.builders import CRASH, TICKET
from tests.triage.scene import claimed, consented, investigated, post, triage


async def test_words_are_gone_and_the_work_stays(world: World) -> None:
    await claimed(world)
    await consented(world)
    await investigated(world)
    solution = {"solution": "给王敏装补丁", "root_cause": "内存"}
    assert (await post(world, CHEN, f"/v1/tickets/{TICKET}/work/solutions", solution)).is_success
    before = await triage(world).work.store.get(TICKET)
    event = ContactErased(subject="ER-1", time=world.now(), tickets=[TICKET, "TK-2026-000099"])
    for _ in range(2):
        await world.publish(event)
    after = await triage(world).work.store.get(TICKET)
    said = Needles([CRASH.title, CRASH.description, "给王敏装补丁", "同意远程", "wang@huadong.example"])
    assert said.are_in(before.model_dump(mode="json"))
    assert not said.are_in(after.model_dump(mode="json"))
    assert (after.problem.title, after.problem.product) == (ERASED, CRASH.product)
    for kept in ("category", "priority", "assignee", "opened_at", "company", "round", "revisions"):
        assert getattr(after, kept) == getattr(before, kept)
    assert [(one.id, one.at, one.by, one.did) for one in after.worklog] == [
        (one.id, one.at, one.by, one.did) for one in before.worklog
    ]
