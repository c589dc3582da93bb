"""A service's database to files and back. Documents pass as the bytes that they are: nothing is lost of them."""

import gzip
import hashlib
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from bson import json_util
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.database import Database as MongoDatabase
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from deploy.backup.manifest import SavedCollection, collection_file, damaged
from deploy.services import SERVICES

RAW: CodecOptions[RawBSONDocument] = CodecOptions(document_class=RawBSONDocument)
LARGEST = 48 * 1024**2  # bytes of a document; MongoDB allows 16 MiB
AT_ONCE, BYTES_AT_ONCE = 1000, 8 * 1024**2
MARK = "unfinished_restore"  # a collection that is there while a database is restored
# Of attachments what is being stored comes before the tickets that name it, and the files themselves come last: a file
# that a ticket in the backup names is in it too.
FIRST, LAST = ("upload",), ("fs.chunks", "fs.files")
# Who tells most comes last, so that nobody else's database knows of a ticket that intake's does not.
ORDER = tuple(reversed(SERVICES))

Client = MongoClient[dict[str, Any]]
Database = MongoDatabase[dict[str, Any]]


def open_client(url: str) -> Client:
    return MongoClient(url, serverSelectionTimeoutMS=5000, connectTimeoutMS=5000)


def database(client: Client, name: str) -> Database:
    return client.get_database(name, read_concern=ReadConcern("majority"), write_concern=WriteConcern(w="majority"))


def collections(database: Database) -> dict[str, str]:
    """Their options, by name, in the order in which they are saved."""
    found = {
        str(one["name"]): json_util.dumps(one.get("options") or {}, sort_keys=True)
        for one in database.list_collections()
        if one.get("type", "collection") == "collection" and not one["name"].startswith("system.")
    }
    return {name: found[name] for name in sorted(found, key=_place) if name != MARK}


def _place(name: str) -> tuple[int, str]:
    return (0 if name in FIRST else 2 if name in LAST else 1, name)


def save(database: Database, service: str, folder: Path) -> dict[str, SavedCollection]:
    """Every collection of a service."""
    (folder / service).mkdir(mode=0o700)
    found = {}
    for name, options in collections(database).items():
        with gzip.GzipFile(collection_file(folder, service, name), "wb", compresslevel=5, mtime=0) as file:
            found[name] = digest(database, name, options, cast(BinaryIO, file))
    return found


def digest(database: Database, name: str, options: str = "{}", into: BinaryIO | None = None) -> SavedCollection:
    """What a collection holds, written to `into` on the way."""
    hashed, count, size = hashlib.sha256(), 0, 0
    for document in _raw(database, name).find({}, batch_size=AT_ONCE).sort("_id", 1):
        raw = document.raw
        hashed.update(raw)
        count, size = count + 1, size + len(raw)
        if into:
            into.write(raw)
    return SavedCollection(
        documents=count, bytes=size, sha256=hashed.hexdigest(), indexes=indexes(database, name), options=options
    )


def _raw(database: Database, name: str) -> Collection[RawBSONDocument]:
    return cast(Collection[RawBSONDocument], database.get_collection(name, codec_options=cast(Any, RAW)))


def indexes(database: Database, name: str) -> list[str]:
    """As the server says them, without what depends on the server."""
    found = []
    for one in database[name].list_indexes():
        kept = {key: value for key, value in one.items() if key not in ("v", "ns", "background")}
        found.append(json_util.dumps(kept))
    return sorted(found)


def check(service: str, saved: dict[str, SavedCollection], folder: Path) -> None:
    """Raises LaunchError for a file that is not what was written."""
    for name, one in saved.items():
        path, hashed, count = collection_file(folder, service, name), hashlib.sha256(), 0
        for raw in documents(path):
            hashed.update(raw)
            count += 1
        if (count, hashed.hexdigest()) != (one.documents, one.sha256):
            raise damaged(path)


def load(database: Database, service: str, saved: dict[str, SavedCollection], folder: Path) -> None:
    """In the place of what is there. Killed in between, it is done again; until it is done, the mark is there."""
    database[MARK].replace_one({"_id": MARK}, {"_id": MARK}, upsert=True)
    for name in collections(database):
        database.drop_collection(name)
    for name, one in saved.items():
        database.create_collection(name, **_options(one.options))
        target = _raw(database, name)
        for batch in _batches(documents(collection_file(folder, service, name))):
            target.insert_many(batch, ordered=True)
        wanted = [json_util.loads(index) for index in one.indexes]
        if wanted := [index for index in wanted if index["name"] != "_id_"]:
            database.command("createIndexes", name, indexes=wanted)
    database.drop_collection(MARK)


def _options(options: str) -> dict[str, Any]:
    found: dict[str, Any] = json_util.loads(options)
    return {name: value for name, value in found.items() if name not in ("uuid", "autoIndexId")}


def drop(database: Database) -> None:
    """Collection by collection: for that, to read and write is enough."""
    for name in (*collections(database), MARK):
        database.drop_collection(name)


def documents(path: Path) -> Iterator[bytes]:
    """Raises LaunchError when the file is cut off or is none."""
    try:
        with gzip.open(path, "rb") as file:
            while head := file.read(4):
                size = int.from_bytes(head, "little")
                if len(head) < 4 or not 5 <= size <= LARGEST:
                    raise damaged(path)
                rest = file.read(size - 4)
                if len(rest) < size - 4:
                    raise damaged(path)
                yield head + rest
    except (EOFError, zlib.error, OSError) as error:
        raise damaged(path) from error


def _batches(documents: Iterable[bytes]) -> Iterator[list[RawBSONDocument]]:
    batch: list[RawBSONDocument] = []
    size = 0
    for raw in documents:
        if batch and (len(batch) >= AT_ONCE or size + len(raw) > BYTES_AT_ONCE):
            yield batch
            batch, size = [], 0
        batch.append(RawBSONDocument(raw, RAW))
        size += len(raw)
    if batch:
        yield batch
