"""Which MongoDB is used: the one named, else mongod, else SecantusDB."""

import os
import shutil
from dataclasses import dataclass
from importlib.metadata import version
from urllib.parse import urlsplit

from deploy.local import prerequisites
from deploy.local.options import HOST, Options, Site
from deploy.local.probe import mongo_ok, mongo_version
from deploy.local.supervisor import Part
from deploy.local.words import LaunchError, tr


@dataclass(frozen=True)
class Mongo:
    """`part` is None for a server that is not ours to start."""

    url: str
    what: str
    part: Part | None = None


def given_url(options: Options) -> str | None:
    return options.env.get("BIHUAN_MONGO_URL") or os.environ.get("BIHUAN_MONGO_URL") or None


def choose(site: Site) -> Mongo:
    url = given_url(site.options)
    if url:
        return Mongo(url, f"MongoDB @ {_without_password(url)} (BIHUAN_MONGO_URL)")
    mongod = shutil.which("mongod")
    return _mongod(site, mongod) if mongod else _secantus(site)


async def reach(url: str) -> str:
    """The version of a server that somebody else runs."""
    found = await mongo_version(url)
    if found is None:
        where = _without_password(url)
        raise LaunchError(
            f"MongoDB at {where} does not answer: check BIHUAN_MONGO_URL, or unset it to use the embedded one.",
            f"{where} 上的 MongoDB 没有响应：请检查 BIHUAN_MONGO_URL，或取消设置以使用内置数据库。",
        )
    return found


def _mongod(site: Site, program: str) -> Mongo:
    port = site.ports["mongo"]
    url = f"mongodb://{HOST}:{port}/?directConnection=true"
    argv = (program, "--dbpath", str(site.folder("mongod")), "--bind_ip", HOST, "--port", str(port), "--quiet")
    part = Part(
        name="mongo",
        what=tr(f"mongod ({program})", f"mongod（{program}）"),
        argv=(*argv, "--wiredTigerCacheSizeGB", "0.25"),
        probe=mongo_ok(port),
        log=site.log("mongo"),
        grace=10,
    )
    return Mongo(url, part.what, part)


def _secantus(site: Site) -> Mongo:
    prerequisites.check_secantus()
    port = site.ports["mongo"]
    # Without retryWrites=false every write walks the table of remembered writes, and slows down as it grows.
    url = f"mongodb://{HOST}:{port}/?directConnection=true&retryWrites=false"
    part = Part(
        name="mongo",
        what=f"SecantusDB {version('secantusdb')}",
        argv=(
            *(prerequisites.program("secantusd-py", "secantusdb"), "--host", HOST, "--port", str(port)),
            *("--storage-path", str(site.folder("secantus")), "--cache-size", "512M", "--log-level", "WARNING"),
            "--standalone",  # nobody reads an oplog, which costs each write a fifth
        ),
        probe=mongo_ok(port),
        log=site.log("mongo"),
        # By default acknowledged writes stay in the process's own buffer and are lost when it is killed.
        env={"WIREDTIGER_CONFIG": "transaction_sync=(enabled=true,method=none)", "TZ": "UTC"},
        patience=60,
    )
    return Mongo(url, part.what, part)


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()
