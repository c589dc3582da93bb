"""The two streams and our durable consumer: made where they are missing, and afterwards only ever widened, so that an
older replica beside a newer one takes nothing away, and what an operator raised stays raised."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from nats.js.errors import APIError, NotFoundError

from shared.bus.link import Link
from shared.bus.names import DEDUPE_WINDOW, RETENTION, Limits
from shared.telemetry import UNHANDLED

logger = logging.getLogger(__name__)
Json = dict[str, Any]
IN_FLIGHT = 4096  # delivered to all replicas and not acknowledged; what each may have is its own window
EXISTS = (10058, 10148)  # error codes: somebody else has just made it
NO_ROOM = 10047
KEPT_OF_PUSH = ("filter_subject", "filter_subjects", "max_ack_pending")
LEFT_OUT = 1_000_000  # sequences of a stream that was lost: more than were taken since anybody looked
ROOM = 10  # of so many parts of a full stream one is freed at a time


class Setup:
    def __init__(self, link: Link, limits: Limits) -> None:
        self._link = link
        self._names = link.names
        self._limits = limits
        self._known = ("", 0)  # when the stream was made, and what our consumer had finished of it
        self._gauge = UNHANDLED.labels(link.names.service)
        self._newest: dict[str, int] = {}  # the last sequence of each stream

    async def ensure(self, subjects: Sequence[str], newest: int = 0) -> None:
        """`subjects` are the subjects that this version handles, `newest` a sequence that the stream of events had
        reached. Raises an error of CONNECTION_ERRORS."""
        self._newest[self._names.stream] = max(newest, self._newest.get(self._names.stream, 0))
        await self._ensure_stream(self._names.stream, self._names.events, self._limits.max_bytes)
        await self._ensure_stream(self._names.dead_stream, f"{self._names.prefix}-dead.>", self._limits.max_bytes // 8)
        if subjects:
            await self._ensure_consumer(subjects)

    async def check(self, has_consumer: bool) -> None:
        """Remember how far our consumer is, for the case that it has to be made again. Raises NotFoundError when it,
        or a stream, is not there, an error of CONNECTION_ERRORS."""
        await self._stream_info(self._names.dead_stream)
        stream = await self._stream_info(self._names.stream)
        if has_consumer:
            consumer = await self._consumer_info()
            self._known = (stream["created"], consumer["ack_floor"]["stream_seq"])
            self._gauge.set(consumer["num_pending"] + consumer["num_ack_pending"])

    async def _stream_info(self, name: str) -> Json:
        stream = await self._link.api(f"STREAM.INFO.{name}")
        self._newest[name] = stream["state"]["last_seq"]
        return stream

    async def _consumer_info(self) -> Json:
        return await self._link.api(f"CONSUMER.INFO.{self._names.stream}.{self._names.service}")

    # ---- streams

    async def _ensure_stream(self, name: str, subjects: str, max_bytes: int) -> None:
        wanted = {
            "subjects": [subjects],
            "num_replicas": self._limits.replicas,
            "max_bytes": max_bytes,
            "max_age": int(RETENTION * 1e9),
            "duplicate_window": int(DEDUPE_WINDOW * 1e9),
        }
        try:
            there = (await self._stream_info(name))["config"]
        except NotFoundError:
            # A full stream refuses what is new: it then waits in the outbox, and what nobody has read is not lost.
            fixed: Json = {"retention": "limits", "storage": "file", "discard": "new", "allow_direct": True}
            if newest := self._newest.get(
                name, 0
            ):  # sequences go on rising, so that an old one never means a new event
                fixed["first_seq"] = newest + LEFT_OUT
            there = await self._create_stream({"name": name, **fixed, **wanted})
        widened = {**there, **widest(there, wanted)}
        if widened != there:
            logger.info("the stream %s is widened", name)
            await self._link.api(f"STREAM.UPDATE.{name}", widened)

    async def _create_stream(self, config: Json) -> Json:
        name = config["name"]
        try:
            return dict((await self._link.api(f"STREAM.CREATE.{name}", config))["config"])
        except APIError as error:
            if error.err_code == NO_ROOM and config["max_bytes"] > 0:
                logger.error(
                    "the server has no %d bytes for the stream %s: made without a bound", config["max_bytes"], name
                )
                return await self._create_stream({**config, "max_bytes": -1})
            if error.err_code not in EXISTS:
                raise
            return dict((await self._link.api(f"STREAM.INFO.{name}"))["config"])

    async def make_room(self) -> None:
        """Of a stream that is full, drop the oldest events that every consumer has finished: a tenth of it at most."""
        name = self._names.stream
        state = (await self._link.api(f"STREAM.INFO.{name}"))["state"]
        finished = state["last_seq"]
        offset, total = 0, 1
        while offset < total:
            page = await self._link.api(f"CONSUMER.LIST.{name}", {"offset": offset})
            for one in page["consumers"] or ():
                if one["config"].get("durable_name") and (one["num_pending"] or one["num_ack_pending"]):
                    finished = min(finished, one["ack_floor"]["stream_seq"])
            total, offset = page["total"], offset + max(len(page["consumers"] or ()), 1)
        until = min(finished, state["first_seq"] + (state["last_seq"] - state["first_seq"]) // ROOM)
        if until >= state["first_seq"]:
            await self._link.api(f"STREAM.PURGE.{name}", {"seq": until + 1})
            logger.warning("the stream %s was full: events up to %d are no longer kept", name, until)

    # ---- our consumer

    async def _ensure_consumer(self, subjects: Sequence[str]) -> None:
        wanted: Json = {
            "ack_policy": "explicit",
            "ack_wait": int(self._limits.ack_wait * 1e9),
            "max_deliver": -1,
            "max_ack_pending": IN_FLIGHT,
            "filter_subjects": sorted(subjects),
        }
        try:
            there = (await self._consumer_info())["config"]
        except NotFoundError:
            await self._write_consumer({**wanted, **await self._place()})
            return
        if "deliver_subject" in there:
            there = await self._turn_into_pull(there)
        filters = union(known, subjects) if (known := filters_of(there)) else []  # none is all
        at_once = max(there.get("max_ack_pending", 0), IN_FLIGHT)
        changed = {**there, **wanted, "filter_subjects": filters, "max_ack_pending": at_once}
        changed.pop("filter_subject", None)
        if changed != there:
            await self._write_consumer(changed)

    async def _place(self) -> Json:
        """Where a consumer that is made (again) begins: behind what is known to be finished, else at the first."""
        made, finished = self._known
        stream = await self._link.api(f"STREAM.INFO.{self._names.stream}")
        if finished and made == stream["created"] and finished <= stream["state"]["last_seq"]:
            return {"deliver_policy": "by_start_sequence", "opt_start_seq": finished + 1}
        return {"deliver_policy": "all"}

    async def _turn_into_pull(self, there: Json) -> Json:
        """A consumer of an older release is pushed to, and cannot be changed into one that is asked: it is made anew
        behind what it has finished."""
        finished = (await self._consumer_info())["ack_floor"]["stream_seq"]
        await self._link.api(f"CONSUMER.DELETE.{self._names.stream}.{self._names.service}")
        kept: Json = {name: there[name] for name in KEPT_OF_PUSH if name in there}
        return {**kept, "deliver_policy": "by_start_sequence", "opt_start_seq": finished + 1}

    async def _write_consumer(self, config: Json) -> None:
        names = self._names
        body = {"stream_name": names.stream, "config": {"name": names.service, "durable_name": names.service, **config}}
        await self._link.api(f"CONSUMER.CREATE.{names.stream}.{names.service}", body)

    async def narrow(self, subjects: Sequence[str]) -> list[str]:
        """Limit our consumer to these subjects; returns those that it no longer has. For a command, not for a start."""
        there = (await self._consumer_info())["config"]
        gone = [one for one in filters_of(there) if one not in subjects]
        changed = {**there, "filter_subjects": sorted(subjects)}
        changed.pop("filter_subject", None)
        await self._write_consumer(changed)
        return gone


def widest(there: Mapping[str, Any], wanted: Mapping[str, Any]) -> Json:
    """Of each setting the greater one; for bytes and age, no bound at all is the greatest."""
    found: Json = {"subjects": union(there.get("subjects") or (), wanted["subjects"])}
    for name in ("num_replicas", "duplicate_window"):
        found[name] = max(there.get(name, 0), wanted[name])
    for name in ("max_bytes", "max_age"):
        found[name] = there.get(name, 0) if there.get(name, 0) <= 0 else max(there[name], wanted[name])
    return {name: value for name, value in found.items() if there.get(name) != value}


def filters_of(config: Mapping[str, Any]) -> list[str]:
    """Empty when it receives everything."""
    one = config.get("filter_subject")
    return list(config.get("filter_subjects") or ([one] if one else []))


def union(there: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """Both, without what a wider one of `there` covers already: the server refuses filters that overlap."""
    more = [one for one in wanted if not any(covers(wide, one) for wide in there)]
    return [*there, *more]


def covers(pattern: str, subject: str) -> bool:
    parts, words = pattern.split("."), subject.split(".")
    for index, part in enumerate(parts):
        if part == ">":
            return len(words) > index
        if index >= len(words) or (part != "*" and part != words[index]):
            return False
    return len(parts) == len(words)
