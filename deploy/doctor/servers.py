"""The two servers, each service's place on the bus, and each service's database."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

from nats.js.errors import NotFoundError
from pymongo.errors import PyMongoError

from deploy.backup.databases import MARK
from deploy.doctor.finding import Finding, clock, ok, version_of, warning, wrong
from deploy.services import SERVICES
from shared.bus import Bus
from shared.mongo import Database
from shared.service import Runtime, bus_of
from shared.settings import Settings
from shared.store import Index, Store

Json = dict[str, Any]
OLDEST_NATS, OLDEST_MONGO = (2, 10), (7, 0)
FULL = 0.8  # of a stream
LATE = timedelta(minutes=5)


async def of_nats(bus: Bus) -> AsyncIterator[Finding]:
    known = bus.link.client.connected_server_version
    told, version = f"{known.major}.{known.minor}.{known.patch}", (known.major, known.minor)
    if version < OLDEST_NATS:
        yield wrong("nats", f"version {told}: 2.10 or newer is needed", f"版本 {told}：需要 2.10 或更高版本")
    else:
        yield ok("nats", f"version {told}", f"版本 {told}")
    for name in (bus.names.stream, bus.names.dead_stream):
        try:
            asked = datetime.now(UTC)
            info = await bus.link.api(f"STREAM.INFO.{name}")
        except NotFoundError:
            yield wrong(
                "nats",
                f"there is no stream {name}: run `bihuan bus apply`",
                f"没有消息流 {name}：请执行 `bihuan bus apply`",
            )
            continue
        if name == bus.names.stream and "ts" in info:
            yield clock("nats", (datetime.fromisoformat(info["ts"]) - asked).total_seconds())
        yield of_stream(name, info)
        if name == bus.names.dead_stream and (count := info["state"]["messages"]):
            yield warning(
                "dead letters",
                f"{count}: look at `bihuan dead-letters list`",
                f"{count} 条：请查看 `bihuan dead-letters list`",
            )


def of_stream(name: str, info: Json) -> Finding:
    most, has = info["config"]["max_bytes"], info["state"]["bytes"]
    share = has / most if most > 0 else 0.0
    en, zh = f"{name} is {share:.0%} full", f"{name} 已用 {share:.0%}"
    return warning("stream", en, zh) if share >= FULL else ok("stream", en, zh)


async def of_places(bus: Bus) -> AsyncIterator[Finding]:
    for service in SERVICES:
        try:
            info = await bus.link.api(f"CONSUMER.INFO.{bus.names.stream}.{service}")
        except NotFoundError:
            yield wrong(
                service,
                "it has no place on the bus: run `bihuan bus apply`, or start it",
                "在消息总线上没有消费者：请执行 `bihuan bus apply` 或启动该服务",
            )
            continue
        yield of_place(service, info)


def of_place(service: str, info: Json) -> Finding:
    """Whether somebody asks, and whether what waits goes on."""
    waiting = info["num_pending"] + info["num_ack_pending"]
    now = datetime.fromisoformat(info["ts"]) if "ts" in info else datetime.now(UTC)
    active = [text for one in ("delivered", "ack_floor") if (text := info[one].get("last_active"))]
    last = max(map(datetime.fromisoformat, active), default=datetime.fromisoformat(info["created"]))
    if not info["num_waiting"] and not info["num_ack_pending"]:
        return wrong(
            service, f"no replica of it runs; {waiting} events wait", f"没有正在运行的副本；{waiting} 条事件等待处理"
        )
    if waiting and now - last > LATE:
        minutes = (now - last) // timedelta(minutes=1)
        return wrong(
            service,
            f"{waiting} events wait, and none was finished for {minutes} minutes",
            f"{waiting} 条事件等待处理，已有 {minutes} 分钟没有进展",
        )
    return ok(service, f"{waiting} events wait", f"{waiting} 条事件等待处理")


async def of_mongo(settings: Settings) -> AsyncIterator[Finding]:
    url = settings.mongo_url.get_secret_value()
    database = Database.open(url, f"{settings.prefix}_{SERVICES[0]}", settings.mongo_driver)
    try:
        asked = datetime.now(UTC)
        hello = await database.client.admin.command("hello")
        version = str((await database.client.admin.command("buildInfo"))["version"])
        if await database.is_embedded():
            yield warning("mongodb", "it is the embedded one, for trials", "当前是内置数据库，仅供试用")
        elif version_of(version) < OLDEST_MONGO:
            yield wrong("mongodb", f"version {version}: 7.0 or newer is needed", f"版本 {version}：需要 7.0 或更高版本")
        else:
            yield ok("mongodb", f"version {version}", f"版本 {version}")
        if local := hello.get("localTime"):
            yield clock("mongodb", (local.replace(tzinfo=UTC) - asked).total_seconds())
        if not hello.get("setName"):
            yield warning("mongodb", "it is no replica set", "不是副本集")
    finally:
        await database.close()


async def of_service(service: str, settings: Settings) -> AsyncIterator[Finding]:
    """Its database: indexes, events that were not told, a restore that was not finished."""
    url = settings.mongo_url.get_secret_value()
    database = Database.open(url, f"{settings.prefix}_{service}", settings.mongo_driver)
    runtime = Runtime(service, settings, database, bus_of(service, settings, database), silent=True)
    try:
        import_module(f"services.{service}.app").create_app(runtime)
        if await database[MARK].find_one({}):
            yield wrong(service, "a restore of it was not finished: do it again", "恢复未完成：请重新执行")
        if missing := [one for store in runtime.stores for one in await missing_indexes(store, database)]:
            names = ", ".join(missing)
            yield wrong(
                service,
                f"indexes are missing ({names}): run `bihuan prepare {service}`",
                f"缺少索引（{names}）：请执行 `bihuan prepare {service}`",
            )
        else:
            yield ok(
                service, f"indexes of {len(runtime.stores)} collections", f"{len(runtime.stores)} 个集合的索引齐全"
            )
        before = datetime.now(UTC) - LATE
        late = [store.name for store in runtime.stores if store.has_outbox and await store.left_over(before, "", 1)]
        if late:
            names = ", ".join(late)
            yield wrong(
                service,
                f"events of {names} have waited for the bus for more than 5 minutes",
                f"{names} 有事件等待发送超过 5 分钟",
            )
    except PyMongoError as error:
        yield wrong(
            service,
            f"its database does not answer ({type(error).__name__})",
            f"数据库没有响应（{type(error).__name__}）",
        )
    finally:
        for job in runtime.stops:
            await job()
        await database.close()


async def missing_indexes(store: Store[Any], database: Database) -> Sequence[str]:
    there = [_shape(one["key"], one) for one in (await database[store.name].index_information()).values()]
    return [f"{store.name}: {' '.join(one.fields)}" for one in store.wanted_indexes() if _wanted(one) not in there]


def _shape(keys: Sequence[tuple[str, Any]], options: Mapping[str, Any]) -> tuple[tuple[tuple[str, int], ...], bool]:
    return tuple((name, int(way)) for name, way in keys), bool(options.get("unique"))


def _wanted(index: Index) -> tuple[tuple[tuple[str, int], ...], bool]:
    return _shape(index.keys(), {"unique": index.unique})
