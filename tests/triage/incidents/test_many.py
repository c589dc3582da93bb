"""Where so many tickets come that strangers share marks by chance, those of one cause are found all the same."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

from services.triage.incidents.detection import Sighting
from services.triage.incidents.minhash import BANDS
from services.triage.incidents.signature import Signature, signature_of
from services.triage.incidents.store import MOST_NEAR, OF_ONE_CUSTOMER, nearest
from services.triage.work.values import TRIAGE_ORIGIN
from shared.testing import NOON, World
from tests.triage.incidents.scene import TEXTS, all_incidents, number, reported
from tests.triage.scene import triage

WINDOW = timedelta(hours=4)


def strangers(text: str, many: int, first: int) -> Iterator[Sighting]:
    """Tickets of others, each about something else, that share the band of this text that is looked for first."""
    bands = signature_of(reported(1, "x", title="无法下单", description=text).problem).bands
    for n in range(first, first + many):
        sketch = [1_000_000 + 64 * n + place for place in range(64)]
        signature = Signature(keys=[], sketch=sketch, bands=[bands[0], f"other-{n}"])
        one = Sighting(id=f"TK-2025-{n:06}", customer=f"别家{n}", at=NOON, signature=signature)
        one.set_marks(WINDOW)
        yield one


async def test_strangers_hide_no_incident(world: World) -> None:
    sightings = triage(world).incidents.watch.sightings
    many = MOST_NEAR + 10
    others = [one for n, text in enumerate(TEXTS[:3]) for one in strangers(text, many, n * many)]
    await asyncio.gather(*(sightings.add(one, [], TRIAGE_ORIGIN) for one in others))
    for n in (1, 2, 3):
        await world.publish(reported(n, f"客户{n}", title="无法下单", description=TEXTS[n - 1]))
    [incident] = await all_incidents(world)
    assert incident.tickets == [number(n) for n in (1, 2, 3)]


def test_the_nearest_come_first_and_one_customer_hides_no_other() -> None:
    asked = [f"b{n}@1" for n in range(BANDS)] + ["code:ora-1@1"]
    far = [{"id": f"far-{n}", "customer": f"c{n}", "marks": ["b0@1", "b9@1"]} for n in range(3)]
    near = [{"id": f"near-{n}", "customer": "again and again", "marks": asked[:3]} for n in range(9)]
    exact = {"id": "same code", "customer": "d", "marks": ["code:ora-1@1", "b8@1"]}
    found = nearest([*far, *near, exact], asked)
    assert found[0] == "same code"
    assert found[1 : 1 + OF_ONE_CUSTOMER] == [f"near-{n}" for n in range(OF_ONE_CUSTOMER)]
    assert set(found[1 + OF_ONE_CUSTOMER :][:3]) == {"far-0", "far-1", "far-2"}
    assert len(found) == 13
