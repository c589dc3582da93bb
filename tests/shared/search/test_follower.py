"""An index catches up after any number of changes, however often it is kept from it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from shared.search.entries import Entry, Wanted
from shared.search.folder import Folder
from shared.search.follower import AT_ONCE, Follower
from shared.search.index import Index
from shared.search.schema import Fields
from shared.testing import NOON

MANY = 5 * AT_ONCE + 7


class Source:
    """All of its entries were changed at one moment. It is away after so many reads of a look."""

    def __init__(self, patience: int) -> None:
        self.patience = self.left = patience
        self.read: list[str] = []
        self.changed = {f"T-{n:04d}": 1 for n in range(MANY)}

    async def versions(self, since: datetime | None) -> dict[str, tuple[int, datetime | None]]:
        self.left = self.patience
        return {id: (version, NOON) for id, version in self.changed.items()}

    async def entries(self, ids: Sequence[str]) -> list[Entry]:
        if not self.left:
            raise ConnectionError
        self.left -= 1
        self.read += ids
        return [Entry(id, self.changed[id], {"text": "导出"}, {}, {"at": 1}) for id in ids if id in self.changed]

    async def generation(self) -> str:
        return ""


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    one = Index(Fields(("text",), (), ("at",)), Folder(tmp_path))
    yield one
    one.close()


@pytest.mark.parametrize("patience", [1, 2, 100])
async def test_a_look_that_is_cut_short_gets_farther_each_time_and_reads_nothing_twice(
    index: Index, patience: int
) -> None:
    source = Source(patience)
    follower = Follower(index, source, lambda: NOON, 60)
    for version in (1, 2):
        source.changed = dict.fromkeys(source.changed, version)
        looks = 0
        while len(source.read) < version * MANY:
            looks += 1
            assert looks <= MANY // AT_ONCE + 1, "it begins anew each time"
            try:
                await follower.refresh()
            except ConnectionError:
                assert not follower.is_complete or version == 2
        await follower.refresh()
        assert follower.is_complete
        assert sorted(source.read) == sorted([*source.changed] * version)
        assert index.count(Wanted()) == MANY
