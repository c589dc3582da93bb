"""Tickets that people confirm teach triage, which sorts new ones by them."""

from functools import partial

import pytest

from services.triage.categories.domain import Categories, CategoryRecord
from services.triage.diagnosis.classifier import Beside, classify
from services.triage.learning import process
from services.triage.learning.domain import CATEGORY, MOST_VERSIONS, Learned, Learning, ModelVersion
from services.triage.learning.process import NotTrained
from shared.domain import NotFound, Origin
from shared.events import TriageDiagnosed
from shared.terms import Category
from shared.testing import ADMIN, AGENT, CHEN, LEAD, NOON, World
from tests.triage.builders import CRASH, QUESTION, TICKET, an_item, opened, problem
from tests.triage.scene import ask, post, triage

PATH = "/v1/learned-models"
KINDS = {"billing": "发票金额开错了", "function": "页面点击没反应", "data": "报表数据对不上"}


def version(number: int = 0, texts: int = 400, file: str = "f") -> ModelVersion:
    return ModelVersion(
        number=number, at=NOON, texts=texts, labels=["data"], accuracy=0.9, accepted=0.5, size=10, file=file
    )


async def taught(world: World, count: int) -> None:
    """So many tickets of each kind, which people have sorted."""
    work = triage(world).work.store
    for at in range(count):
        for kind, text in KINDS.items():
            item = an_item(problem(f"{text} {at}", f"{text}，请处理"), ticket=f"TK-{kind}-{at}", time=world.now())
            item.category, item.taught = Category.of(kind), True
            await work.add(item, [], opened(item.id, item.problem, world.now()))


async def test_it_learns_in_a_process_of_its_own_and_is_rolled_back(world: World) -> None:
    await taught(world, 67)
    learning = triage(world).learning
    await learning.learn()
    [found] = (await ask(world, CHEN, "GET", PATH)).json()["items"]
    assert (found["tickets"], found["decides"], found["active"]) == (201, True, True)
    assert found["categories"] == sorted(KINDS)
    assert found["accuracy"] > 0.9
    await ask(world, ADMIN, "PUT", "/v1/categories/billing", {"name_zh": "账务类", "name_en": "Billing"})
    await world.publish(opened(TICKET, problem("上月发票金额开错了", "发票金额开错了，请重开")))
    [told] = world.published(TriageDiagnosed)
    assert (told.category, told.queue, told.versions["learned"]) == ("billing", "billing", "1")
    assert [one.speaks_for for one in told.evidence if one.source == "learned"] == ["category:billing"]
    again = partial(Learning.add, version=version(file=(await learning.known()).versions[0].file))
    await learning.store.change(CATEGORY, again, Origin("test"))
    await learning.refresh()
    assert [one["active"] for one in (await ask(world, CHEN, "GET", PATH)).json()["items"]] == [True, False]
    assert (await post(world, CHEN, f"{PATH}/1/activation", None)).status_code == 403
    assert (await post(world, LEAD, f"{PATH}/9/activation", None)).status_code == 404
    assert (await post(world, LEAD, f"{PATH}/1/activation", None)).json()["active"]
    assert (await ask(world, AGENT, "GET", PATH)).status_code == 403
    await learning.store.change(CATEGORY, again, Origin("test"))
    await learning.refresh()
    assert (await learning.known()).active == 1  # a person chose it


async def test_a_few_tickets_teach_nothing(world: World) -> None:
    await taught(world, 5)
    await triage(world).learning.learn()
    assert (await triage(world).learning.known()).versions == []
    with pytest.raises(NotTrained):
        await process.train([("a", "x")] * 40)


async def test_a_model_that_cannot_be_read_is_not_asked(world: World) -> None:
    learning = triage(world).learning
    await learning.store.add(Learning(id=CATEGORY, versions=[version(1)], active=1), [], opened(TICKET, CRASH))
    await world.publish(opened(TICKET, CRASH))
    [told] = world.published(TriageDiagnosed)
    assert "learned" not in told.versions


async def test_who_confirms_or_corrects_teaches(world: World) -> None:
    await world.publish(opened(TICKET, QUESTION))
    work = triage(world).work.store
    assert not (await work.get(TICKET)).taught
    body = {"category": "data", "priority": "normal", "reason": "看过了"}
    await post(world, CHEN, f"/v1/tickets/{TICKET}/work/classification", body)
    [(text, label)] = await work.confirmed(NOON, 10)
    assert QUESTION.title in text
    assert label == "data"


def test_the_last_versions_are_kept_and_the_one_that_classifies() -> None:
    learning = Learning(id=CATEGORY)
    for _ in range(3):
        learning.add(version())
    learning.activate(1)
    for _ in range(MOST_VERSIONS):
        learning.add(version())
    assert [one.number for one in learning.versions] == [1, *range(5, 14)]
    assert learning.active == 1
    learning.activate(13)
    learning.add(version())
    assert learning.active == 14
    with pytest.raises(NotFound):
        learning.activate(2)


def test_below_so_many_tickets_it_only_suggests() -> None:
    chances = {"data": 0.98, "function": 0.02}
    text = problem("页面点击没反应")
    few = classify(text, Beside(learned=Learned(1, 100, chances, {"data": 0.9})))
    assert (few.category, few.versions["learned"]) == (Category.FUNCTION, "1")
    assert [one.weight for one in few.evidence if one.source == "learned"] == [0]
    billing = Categories({"billing": CategoryRecord(id="billing"), "function": CategoryRecord(id="function")})
    many = Learned(2, 500, {"billing": 0.99, "function": 0.01}, {"billing": 0.9})
    decided = classify(text, Beside(learned=many, categories=billing))
    assert decided.category == "billing"
