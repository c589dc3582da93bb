"""Who has set any preferences is remembered, and nobody else is asked for."""

from typing import Any

import pytest

from services.notify.preferences.domain import Preference, PreferenceDetails
from services.notify.preferences.handlers import PreferenceHandlers
from services.notify.preferences.store import Preferences
from shared.domain import Origin
from shared.testing import ADMIN, CHEN, LIU, WANG, World
from tests.notify.conftest import notify_of

BY = Origin(ADMIN.sub)
ENGLISH = PreferenceDetails(language="en")


def another_replica(world: World, of: PreferenceHandlers) -> PreferenceHandlers:
    runtime = world.runtimes["notify"]
    return PreferenceHandlers(Preferences(runtime.database, runtime.sender, runtime.now), of.kinds, runtime.now)


async def test_only_who_has_set_any_is_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, asked = notify_of(world).preferences, list[Any]()
    where = ours.store.where

    async def counted(query: Any) -> list[Preference]:
        asked.append(query["_id"]["$in"])
        return await where(query)

    monkeypatch.setattr(ours.store, "where", counted)
    assert await ours.of([LIU.sub, WANG.sub]) == {}
    assert asked == []
    await ours.put(LIU.sub, ENGLISH, BY)
    assert await ours.of([LIU.sub, WANG.sub]) == {LIU.sub: ENGLISH}
    assert asked == [[LIU.sub]]


async def test_what_another_replica_keeps_is_found(world: World) -> None:
    ours = notify_of(world).preferences
    other = another_replica(world, ours)
    assert await ours.of([LIU.sub]) == {}
    await other.put(LIU.sub, ENGLISH, BY)
    ours.store.learnt.drop()
    assert await ours.of([LIU.sub]) == {LIU.sub: ENGLISH}
    # What is set once more is seen at once, and who was there before this replica began is known to it.
    await other.put(LIU.sub, PreferenceDetails(language="zh"), BY)
    assert (await ours.of([LIU.sub]))[LIU.sub].language == "zh"
    await other.put(CHEN.sub, ENGLISH, BY)
    assert set(await another_replica(world, ours).of([LIU.sub, CHEN.sub, WANG.sub])) == {LIU.sub, CHEN.sub}
