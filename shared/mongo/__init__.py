"""All that knows the MongoDB driver: Motor, or PyMongo's own asyncio client. Nothing of it shows outside."""

from shared.mongo.counter import Counter
from shared.mongo.database import Database
from shared.mongo.documents import ensure_index, insert_new, packed, put_all, size_of, unpacked, update_each
from shared.mongo.errors import TRANSIENT_ERRORS, DuplicateKey, is_transient, unique_keys
from shared.mongo.files import Files
from shared.mongo.rewriting import Rewriting

__all__ = [
    "TRANSIENT_ERRORS",
    "Counter",
    "Database",
    "DuplicateKey",
    "Files",
    "Rewriting",
    "ensure_index",
    "insert_new",
    "is_transient",
    "packed",
    "put_all",
    "size_of",
    "unique_keys",
    "unpacked",
    "update_each",
]
