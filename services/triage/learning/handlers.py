"""Learning from confirmed tickets in the background, and what the model that was learned says of new ones."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import uuid4

from services.triage.learning import process
from services.triage.learning.domain import CATEGORY, FEWEST_TO_LEARN, Learned, Learning, ModelVersion
from services.triage.learning.model import Model, NotAModel
from services.triage.learning.store import Learnings
from services.triage.work.handlers import WorkHandlers
from services.triage.work.values import TRIAGE_ORIGIN
from shared.cache import Cache
from shared.domain import NotFound, Origin
from shared.mongo import Files
from shared.service import Now
from shared.tasks import cancel_all

logger = logging.getLogger(__name__)
FRESH_FOR = 30.0  # seconds in which another replica's new model, or a roll-back, may go unseen
SINCE = timedelta(days=730)  # what was opened earlier is not learned from
MOST_TEXTS = 30_000


@dataclass
class LearningHandlers:
    store: Learnings
    files: Files
    work: WorkHandlers
    now: Now

    def __post_init__(self) -> None:
        self._known = Cache(self._read, FRESH_FOR)
        self._model: tuple[str, Model | None] = ("", None)  # by its file
        self._training: asyncio.Task[None] | None = None

    async def known(self) -> Learning:
        return await self._known.get()

    async def refresh(self) -> Learning:
        """Read what others may have changed."""
        return await self._known.refresh()

    async def classify(self, text: str) -> Learned | None:
        """None while nothing was learned."""
        current = (await self.known()).current
        model = await self._load(current) if current else None
        if current is None or model is None:
            return None
        return Learned(current.number, current.texts, model.probabilities(text), model.accept)

    async def activate(self, number: int, by: Origin) -> Learning:
        """Also an older one. Raises NotFound, Stale."""
        found = await self.store.change(CATEGORY, partial(Learning.activate, number=number), by)
        self._known.drop()
        return found

    # ---- in the background

    async def begin(self) -> None:
        """Trains in a task, so that other periodic jobs go on."""
        if not process.is_installed():
            logger.info("nothing is learned from tickets: the extra `learning` is not installed")
        elif self._training is None or self._training.done():
            self._training = asyncio.create_task(self._train_and_log())

    async def stop(self) -> None:
        await cancel_all([self._training] if self._training else [])

    async def learn(self) -> None:
        """From the tickets that people confirmed. Raises NotTrained."""
        pairs = await self.work.store.confirmed(self.now() - SINCE, MOST_TEXTS)
        if len(pairs) < FEWEST_TO_LEARN:
            return
        result = await process.train(pairs)
        version = ModelVersion(
            number=0,
            at=self.now(),
            texts=result.texts,
            labels=result.labels,
            accuracy=result.accuracy,
            accepted=result.accepted,
            size=len(result.content),
            file=f"model-{uuid4().hex}",
        )
        await self.files.save(version.file, version.file, _whole(result.content))
        await self.store.add(Learning(id=CATEGORY), [], TRIAGE_ORIGIN)
        before = {one.file for one in (await self.store.get(CATEGORY)).versions}
        after = await self.store.change(CATEGORY, partial(Learning.add, version=version), TRIAGE_ORIGIN)
        for file in before - {one.file for one in after.versions}:
            await self.files.delete(file)
        self._known.drop()
        logger.info("learned from %s tickets: %.1f %% right", version.texts, 100 * version.accuracy)

    async def _train_and_log(self) -> None:
        try:
            await self.learn()
        except process.NotTrained as error:
            logger.warning("nothing was learned: %s", error)

    async def _read(self) -> Learning:
        return await self.store.find(CATEGORY) or Learning(id=CATEGORY)

    async def _load(self, version: ModelVersion) -> Model | None:
        """None, and once an error in the log, where it cannot be read."""
        if self._model[0] == version.file:
            return self._model[1]
        model = None
        try:
            content = b"".join([part async for part in self.files.read(version.file)])
            model = await asyncio.to_thread(Model.from_bytes, content)
        except (NotFound, NotAModel) as error:
            logger.error("the model %s cannot be used: %s", version.number, error)
        self._model = version.file, model
        return model


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content
