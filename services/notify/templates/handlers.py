"""Templates that a desk writes in place of the built-in ones."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from services.notify.templates.catalogues import CUSTOMER_TEMPLATES, OUTSIDE_TEMPLATES, TEMPLATES
from services.notify.templates.checks import check
from services.notify.templates.domain import ChannelKind, Content, MessageTemplate, TemplateKey, WrittenTemplate
from services.notify.templates.renderer import FAILURES, LANGUAGES, TIME_ZONE, Renderer
from services.notify.templates.store import WrittenTemplates
from shared.domain import Invalid, NotFound, Origin
from shared.http import Caller

Samples = Callable[[str], Mapping[str, object]]  # what a template of this name is filled with
Deliver = Callable[[Caller, Content, str], Awaitable[str]]  # to the caller, in this language; the delivery's id


@dataclass(frozen=True)
class TemplateHandlers:
    store: WrittenTemplates
    renderer: Renderer
    samples: Samples
    deliver: Deliver
    now: Callable[[], datetime]

    async def refresh(self) -> None:
        """What is rendered from now on, by all replicas within seconds of a change."""
        self.renderer.use(await self.store.known.get())

    async def all(self) -> list[tuple[TemplateKey, WrittenTemplate]]:
        """Every built-in one, and what was written for single channels."""
        written = {one.id: one async for one in self.store.all()}
        keys = {str(TemplateKey(name, ChannelKind.ANY, language)) for name in TEMPLATES for language in LANGUAGES}
        return [(key_of(id), written.get(id) or WrittenTemplate(id=id)) for id in sorted(keys | set(written))]

    async def get(self, id: str) -> tuple[TemplateKey, WrittenTemplate]:
        """Raises NotFound."""
        return key_of(id), await self.store.find(id) or WrittenTemplate(id=id)

    async def put(self, id: str, said: MessageTemplate, by: Origin) -> WrittenTemplate:
        """Raises NotFound, Invalid, Stale."""
        self.preview(id, said)
        if await self.store.find(id) is None and by.if_match in (None, 0):
            await self.store.add(WrittenTemplate(id=id), [], Origin(by.actor))
            by = Origin(by.actor, by.cause, by.key, by.digest, None, by.fresh_for)
        decide = partial(WrittenTemplate.write, said=said, by=by.actor, now=self.now())
        return await self._changed(await self.store.change(id, decide, by))

    async def reset(self, id: str, by: Origin) -> WrittenTemplate:
        """Raises NotFound, Stale."""
        key_of(id)
        if await self.store.find(id) is None:
            return WrittenTemplate(id=id)
        return await self._changed(await self.store.change(id, WrittenTemplate.reset, by))

    async def current(self, id: str) -> MessageTemplate:
        key, written = await self.get(id)
        return said_by(key, written)

    def preview(self, id: str, said: MessageTemplate) -> Content:
        """Filled with sample data. Raises NotFound, Invalid."""
        key = key_of(id)
        check(said, TEMPLATES[key.name][key.language], key.name in CUSTOMER_TEMPLATES | OUTSIDE_TEMPLATES)
        try:
            return self.renderer.try_out(said, key.language, self.samples(key.name), TIME_ZONE)
        except FAILURES as error:
            raise Invalid(f"It cannot be rendered: {error}", f"无法生成内容：{error}", "body") from error

    async def send_test(self, id: str, caller: Caller) -> str:
        """Raises NotFound, Invalid."""
        content = self.preview(id, await self.current(id))
        return await self.deliver(caller, content, key_of(id).language)

    async def _changed(self, written: WrittenTemplate) -> WrittenTemplate:
        self.store.known.drop()
        await self.refresh()
        return written


def key_of(id: str) -> TemplateKey:
    """Raises NotFound."""
    key = TemplateKey.read(id)
    if key is None or key.name not in TEMPLATES or key.language not in LANGUAGES:
        raise NotFound.of(id)
    return key


def said_by(key: TemplateKey, written: WrittenTemplate) -> MessageTemplate:
    used = written.used
    return MessageTemplate(used.title, used.text) if used else TEMPLATES[key.name][key.language]
