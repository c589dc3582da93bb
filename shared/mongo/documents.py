"""What is done to documents and collections in one round trip, and how large a document is."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import bson
from pymongo import ReplaceOne, UpdateOne
from pymongo.errors import BulkWriteError, OperationFailure

logger = logging.getLogger(__name__)
AWARE: bson.CodecOptions[dict[str, Any]] = bson.CodecOptions(tz_aware=True)
OTHER_OPTIONS = {85, 86}  # IndexOptionsConflict, IndexKeySpecsConflict


def size_of(document: Mapping[str, Any]) -> int:
    """Bytes in the database."""
    return len(bson.encode(document))


def packed(document: Mapping[str, Any]) -> bytes:
    """As it goes to the database."""
    return bson.encode(document)


def unpacked(content: bytes) -> dict[str, Any]:
    """As it comes back from there."""
    return bson.decode(content, AWARE)


async def ensure_index(collection: Any, keys: Sequence[tuple[str, int]], **options: Any) -> None:
    """Create it where it is missing. One that is there with other options stays, so that the next release and the last
    one can start beside each other."""
    try:
        await collection.create_index(list(keys), **options)
    except OperationFailure as error:
        if error.code not in OTHER_OPTIONS:
            raise
        logger.warning("an index of %s stays as it is: %s", collection.name, error)


async def insert_new(collection: Any, docs: Sequence[Mapping[str, Any]]) -> None:
    """Those that are not there yet, in one round trip."""
    try:
        await collection.insert_many(docs, ordered=False)
    except BulkWriteError as error:
        if error.details.get("writeConcernErrors") or any(one["code"] != 11000 for one in error.details["writeErrors"]):
            raise


async def update_each(collection: Any, updates: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> bool:
    """Many updates, (filter, operation) each, in one round trip; whether every one of them found its document."""
    done = await collection.bulk_write([UpdateOne(dict(f), dict(u)) for f, u in updates], ordered=False)
    return bool(done.matched_count == len(updates))


async def put_all(collection: Any, docs: Mapping[str, Mapping[str, Any]]) -> None:
    """Write these documents by their ids, whether or not they are there, in one round trip."""
    puts = [ReplaceOne({"_id": id}, dict(doc), upsert=True) for id, doc in docs.items()]
    await collection.bulk_write(puts, ordered=False)
