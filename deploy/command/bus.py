"""`bihuan bus`: the streams and each service's place on them, shown, made, widened and narrowed."""

import argparse
from datetime import datetime
from typing import Any

from deploy.bus.apply import apply
from deploy.command.arguments import Commands, add_json, command, group
from deploy.command.output import show, show_json
from deploy.command.place import configure, opened, wired
from deploy.local.words import say, tr
from deploy.services import SERVICES
from shared.bus import Bus, Limits
from shared.settings import Settings
from shared.terms import Text

Row = dict[str, Any]
STREAMS = {
    "stream": Text("stream", "消息流"),
    "messages": Text("messages", "消息数"),
    "bytes": Text("bytes", "字节数"),
    "max_bytes": Text("at most", "上限"),
    "first": Text("first", "首序号"),
    "last": Text("last", "末序号"),
    "replicas": Text("copies", "副本数"),
    "days": Text("days", "保留天数"),
}
PLACES = {
    "service": Text("service", "服务"),
    "waiting": Text("waiting", "待投递"),
    "in_work": Text("in work", "处理中"),
    "redelivered": Text("again", "重投"),
    "done_to": Text("done to", "已完成至"),
    "asking": Text("asking", "拉取中"),
    "kinds": Text("kinds", "事件种类"),
}
EVERYTHING = "*"


def add(commands: Commands) -> None:
    found = group(commands, "bus", "streams, and each service's place on them", "消息流及各服务的消费者")
    one = command(found, "show", "how full they are, and how far each service is", "查看容量与各服务进度")
    add_json(one)
    one.set_defaults(run=show_bus)
    one = command(
        found,
        "apply",
        "make what is missing, for services that may not do so themselves; nothing is narrowed",
        "创建缺失的消息流与消费者（供无权自建的服务使用），只增不减",
    )
    one.set_defaults(run=apply_bus, replicas=None, max_bytes=None)
    one = command(found, "widen", "more copies of the streams, or more room", "增加消息流的副本数或容量")
    one.add_argument("--replicas", type=int, choices=range(1, 6), help=tr("copies", "副本数"))
    one.add_argument("--max-bytes", type=int, help=tr("of the stream of events", "事件流的字节上限"))
    one.set_defaults(run=apply_bus)
    one = command(
        found,
        "narrow",
        "let a service's place forget what this release no longer hears, when no other runs any more",
        "去掉此版本不再处理的事件种类；须在其他版本的副本全部停止之后执行",
    )
    one.add_argument("service", choices=SERVICES)
    add_json(one)
    one.set_defaults(run=narrow)


async def show_bus(choices: argparse.Namespace) -> int:
    async with opened(configure(choices.local)) as bus:
        streams = [await stream_of(bus, name) for name in (bus.names.stream, bus.names.dead_stream)]
        places = await places_of(bus)
    if choices.json:
        show_json({"streams": streams, "consumers": places})
    else:
        show(streams, STREAMS, as_json=False)
        say()
        show(places, PLACES, as_json=False)
    return 0


async def stream_of(bus: Bus, name: str) -> Row:
    info = await bus.link.api(f"STREAM.INFO.{name}")
    config, state = info["config"], info["state"]
    return {
        "stream": name,
        "messages": state["messages"],
        "bytes": state["bytes"],
        "max_bytes": config["max_bytes"],
        "first": state["first_seq"],
        "last": state["last_seq"],
        "replicas": config["num_replicas"],
        "days": config["max_age"] // (86_400 * 10**9),
        "consumers": state["consumer_count"],
        "created": info["created"],
    }


async def places_of(bus: Bus) -> list[Row]:
    """Of each service that has one."""
    found: list[Row] = []
    offset, total = 0, 1
    while offset < total:
        page = await bus.link.api(f"CONSUMER.LIST.{bus.names.stream}", {"offset": offset})
        infos = page["consumers"] or ()
        found += [_place(one) for one in infos if one["config"].get("durable_name") in SERVICES]
        total, offset = page["total"], offset + max(len(infos), 1)
    return sorted(found, key=lambda one: SERVICES.index(one["service"]))


def _place(info: Row) -> Row:
    kinds = info["config"].get("filter_subjects") or []
    return {
        "service": info["config"]["durable_name"],
        "waiting": info["num_pending"],
        "in_work": info["num_ack_pending"],
        "redelivered": info["num_redelivered"],
        "done_to": info["ack_floor"]["stream_seq"],
        "asking": info["num_waiting"],
        "kinds": len(kinds) or EVERYTHING,
        "last_done": _moment(info["ack_floor"].get("last_active")),
    }


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


async def apply_bus(choices: argparse.Namespace) -> int:
    settings = configure(choices.local)
    if choices.replicas or choices.max_bytes:
        asked = {"nats_replicas": choices.replicas, "nats_max_bytes": choices.max_bytes}
        known = settings.model_dump() | {name: value for name, value in asked.items() if value}
        settings = Settings.model_validate(known)
    limits = Limits(replicas=settings.nats_replicas, max_bytes=settings.nats_max_bytes)
    async with opened(settings):  # so that a server which is away is said, not waited for
        await apply(settings.nats_url.get_secret_value(), settings.prefix, limits)
    say(tr("The streams and each service's place are there.", "消息流与各服务的消费者均已就绪。"))
    return 0


async def narrow(choices: argparse.Namespace) -> int:
    async with wired(choices.service, configure(choices.local)) as runtime:
        gone = await runtime.bus.setup.narrow(runtime.bus.subjects)
    if choices.json:
        show_json(gone)
    for subject in () if choices.json else gone:
        say(f"- {subject}")
    return 0
