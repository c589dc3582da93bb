"""What is in a backup. It is written last: a folder without one is no whole backup."""

import hashlib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from deploy.local.words import LaunchError

NAME = "manifest.json"
PART = 1024 * 1024  # bytes that are read at once
Json = dict[str, Any]


class SavedCollection(BaseModel):
    """`sha256` of its documents, as BSON, in the order of `_id`. `indexes` and `options` as MongoDB says them."""

    documents: int
    bytes: int
    sha256: str
    indexes: list[str]
    options: str = "{}"


class SavedStream(BaseModel):
    """`sha256` of the file that the server made. `digest` of the messages from the sequence `digest_from` on, with
    subject, headers, time and body."""

    sha256: str
    bytes: int
    config: Json
    state: Json
    consumers: list[str]
    digest_from: int
    digest: str


class Manifest(BaseModel):
    """`running`: services that ran meanwhile, so that each database is as of a moment of its own."""

    format: Literal[1] = 1
    made_at: str
    prefix: str
    running: list[str]
    databases: dict[str, dict[str, SavedCollection]]
    streams: dict[str, SavedStream]


def read(folder: Path) -> Manifest:
    """Raises LaunchError."""
    try:
        return Manifest.model_validate_json((folder / NAME).read_bytes())
    except FileNotFoundError:
        raise LaunchError(
            f"{folder} has no {NAME}: it is no backup, or one that was not finished.",
            f"{folder} 中没有 {NAME}：不是备份，或备份未完成。",
        ) from None
    except ValidationError:
        raise LaunchError(
            f"{folder / NAME} cannot be read: it is damaged, or of a newer release.",
            f"无法读取 {folder / NAME}：文件已损坏，或来自更新的版本。",
        ) from None


def write(folder: Path, manifest: Manifest) -> None:
    """Whole or not at all."""
    new = folder / f"{NAME}.new"
    new.write_text(manifest.model_dump_json(indent=1), "utf-8")
    new.replace(folder / NAME)


def collection_file(folder: Path, service: str, collection: str) -> Path:
    return folder / service / f"{collection}.bson.gz"


def stream_file(folder: Path, stream: str) -> Path:
    return folder / f"{stream}.snapshot"


def sha256_of(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(PART):
            found.update(part)
    return found.hexdigest()


def damaged(path: Path) -> LaunchError:
    return LaunchError(f"{path} is missing or damaged.", f"{path} 缺失或已损坏。")
