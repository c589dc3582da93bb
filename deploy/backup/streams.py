"""A stream to a file and back, by the server's own snapshots: with its sequences, times and consumers
(https://docs.nats.io/running-a-nats-service/nats_admin/jetstream_admin/disaster_recovery)."""

import hashlib
import json
from pathlib import Path
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from deploy.backup.manifest import Json, SavedStream, damaged, sha256_of, stream_file
from deploy.local.words import LaunchError
from shared.bus.link import Link

CHUNK = 128 * 1024  # bytes of a part of a snapshot
EACH_WITHIN = 30.0  # seconds, for one part
DONE = "204"


async def save(link: Link, name: str, folder: Path) -> SavedStream:
    """Raises LaunchError when the server ends it early."""
    path = stream_file(folder, name)
    told = await _snapshot(link, name, path)
    state = told["state"]
    first, digest = await digest_of(link, name, state["first_seq"], state["last_seq"])
    return SavedStream(
        sha256=sha256_of(path),
        bytes=path.stat().st_size,
        config=told["config"],
        state=state,
        consumers=await consumers_of(link, name),
        digest_from=first,
        digest=digest,
    )


async def _snapshot(link: Link, name: str, path: Path) -> Json:
    inbox = link.client.new_inbox()
    parts = await link.client.subscribe(inbox)
    try:
        told = await link.api(f"STREAM.SNAPSHOT.{name}", {"deliver_subject": inbox, "jsck": True, "chunk_size": CHUNK})
        with path.open("xb") as file:
            while not _is_end(part := await parts.next_msg(timeout=EACH_WITHIN), name):
                file.write(part.data)
                if part.reply:
                    await part.respond(b"")  # the server waits for it before it goes on
        return told
    finally:
        await parts.unsubscribe()


def _is_end(part: Msg, name: str) -> bool:
    if part.data:
        return False
    if (status := (part.headers or {}).get("Status", DONE)) != DONE:
        raise LaunchError(f"NATS ended the snapshot of {name}: {status}", f"NATS 中止了 {name} 的快照：{status}")
    return True


def check(name: str, saved: SavedStream, folder: Path) -> None:
    """Raises LaunchError for a file that is not what was written."""
    path = stream_file(folder, name)
    if not path.is_file() or sha256_of(path) != saved.sha256:
        raise damaged(path)


async def load(link: Link, name: str, saved: SavedStream, folder: Path, replicas: int) -> None:
    """Where no stream of that name is. Raises APIError, LaunchError."""
    config = saved.config | {"num_replicas": replicas}
    told = await link.api(f"STREAM.RESTORE.{name}", {"config": config, "state": saved.state})
    where = told["deliver_subject"]
    with stream_file(folder, name).open("rb") as file:
        while part := file.read(CHUNK):
            await _send(link.client, where, part, name)
    await _send(link.client, where, b"", name)


async def _send(client: Client, where: str, part: bytes, name: str) -> None:
    answer = await client.request(where, part, timeout=EACH_WITHIN)
    said: Json = json.loads(answer.data) if answer.data else {}
    if error := said.get("error"):
        why = error.get("description", "")
        raise LaunchError(f"NATS did not take {name} back: {why}", f"NATS 未能恢复 {name}：{why}")


async def digest_of(link: Link, name: str, first: int, last: int) -> tuple[int, str]:
    """Of its messages from `first`, or the oldest that is there, to `last`: the sequence of the first, and the SHA-256
    of what and when they are."""
    hashed, oldest = hashlib.sha256(), 0
    state = (await link.api(f"STREAM.INFO.{name}"))["state"]
    if not state["messages"] or last < max(first, state["first_seq"]):
        return last + 1, hashed.hexdigest()
    config = ConsumerConfig(
        deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
        opt_start_seq=max(first, 1),
        ack_policy=AckPolicy.NONE,
        mem_storage=True,
    )
    feed = await link.js.subscribe(">", stream=name, ordered_consumer=True, config=config)
    try:
        pending = 1
        while pending:
            message = await feed.next_msg(timeout=EACH_WITHIN)
            about = message.metadata
            if about.sequence.stream > last:
                break
            oldest = oldest or about.sequence.stream
            hashed.update(_wire(message, about.sequence.stream, about.timestamp.isoformat()))
            pending = 0 if about.sequence.stream >= last else about.num_pending
    finally:
        await feed.unsubscribe()
    return oldest or last + 1, hashed.hexdigest()


def _wire(message: Msg, sequence: int, time: str) -> bytes:
    headers = sorted((message.headers or {}).items())
    head = json.dumps([sequence, time, message.subject, headers, len(message.data)], ensure_ascii=False)
    return head.encode(errors="surrogatepass") + b"\n" + message.data


async def consumers_of(link: Link, name: str) -> list[str]:
    """Those that last."""
    found: list[str] = []
    offset, total = 0, 1
    while offset < total:
        page: dict[str, Any] = await link.api(f"CONSUMER.NAMES.{name}", {"offset": offset})
        names = page["consumers"] or ()
        found += names
        total, offset = page["total"], offset + max(len(names), 1)
    lasting = []
    for one in found:
        info = await link.api(f"CONSUMER.INFO.{name}.{one}")
        if info["config"].get("durable_name"):
            lasting.append(one)
    return sorted(lasting)


async def delete(link: Link, name: str) -> None:
    await link.api(f"STREAM.DELETE.{name}")


async def exists(link: Link, name: str) -> bool:
    offset, total = 0, 1
    while offset < total:
        page = await link.api("STREAM.NAMES", {"offset": offset})
        names = page["streams"] or ()
        if name in names:
            return True
        total, offset = page["total"], offset + max(len(names), 1)
    return False
