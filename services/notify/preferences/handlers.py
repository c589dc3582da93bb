"""Preferences are set by the person themselves, or by an admin."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from services.notify.preferences.domain import Preference, PreferenceDetails
from services.notify.preferences.store import Preferences
from shared.domain import Invalid, Origin


@dataclass(frozen=True)
class PreferenceHandlers:
    """`kinds` are those of the events that people are told of."""

    store: Preferences
    kinds: Collection[str]
    now: Callable[[], datetime]

    async def of(self, people: Collection[str]) -> Mapping[str, PreferenceDetails]:
        """By `sub`, of those who have set any."""
        return {one.id: one.details for one in await self.store.of(people)} if people else {}

    async def get(self, person: str) -> Preference:
        """Who has set none has those by default, in version 0."""
        return await self.store.find(person) or Preference(id=person, changed_at=self.now())

    async def put(self, person: str, details: PreferenceDetails, by: Origin, sets_messenger: bool = True) -> Preference:
        """`sets_messenger`: may say who they are in one, which decides whom the desk writes to. Raises Invalid,
        Stale."""
        if not sets_messenger:
            known = (await self.get(person)).details.messenger
            if details.messenger not in ("", known):
                raise Invalid("Admins alone set it", "仅管理员可以设置", "body.messenger")
            details = details.model_copy(update={"messenger": known})
        if unknown := sorted(set(details.channels) - set(self.kinds)):
            raise Invalid(f"Nobody is notified of {unknown[0]!r}", f"没有针对“{unknown[0]}”的通知", "body.channels")
        if await self.store.find(person) is None and by.if_match in (None, 0):
            first = Preference(id=person, changed_at=self.now())
            await self.store.add(first, [], Origin(by.actor))
            by = Origin(by.actor, by.cause, by.key, by.digest, None, by.fresh_for)
        return await self.store.change(person, partial(Preference.put, details=details, now=self.now()), by)
