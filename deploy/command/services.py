"""`bihuan prepare | rebuild | reindex`: what is made anew of one service."""

import argparse
from dataclasses import asdict, replace

from deploy import rebuild as rebuilding
from deploy.command.arguments import Commands, add_json, command
from deploy.command.output import show_json
from deploy.command.place import configure, database_of, reach, wired
from deploy.local.words import say, tr
from deploy.services import SERVICES
from shared.mongo import Database
from shared.rebuild import Clock, Rebuilt
from shared.search import Generations
from shared.service import Runtime

SEARCHED = {"intake": "ticket", "kb": "kb"}


def add(commands: Commands) -> None:
    one = command(
        commands,
        "prepare",
        "make what a service needs before its first replica of this release starts; nothing is taken away",
        "在该版本首个副本启动之前准备所需的消息流、消费者与索引，只增不减",
    )
    one.add_argument("service", choices=SERVICES)
    one.set_defaults(run=prepare)
    one = command(
        commands,
        "rebuild",
        "build what a service keeps of others' facts again from the stream, while none of its replicas runs",
        "由事件流重建服务的投影数据；执行期间其副本须全部停止",
    )
    one.add_argument("service", choices=SERVICES)
    add_json(one)
    one.set_defaults(run=rebuild)
    one = command(commands, "reindex", "let every replica build its search index again", "让所有副本重建其搜索索引")
    one.add_argument("service", choices=SEARCHED)
    one.set_defaults(run=reindex_service)


async def prepare(choices: argparse.Namespace) -> int:
    """It may be run again, and while older replicas run."""
    async with wired(choices.service, configure(choices.local)) as runtime:
        await runtime.bus.setup.ensure(runtime.bus.subjects)
        await runtime.prepare()
    say(tr(f"{choices.service} may start.", f"{choices.service} 已准备就绪，可以启动。"))
    return 0


async def rebuild(choices: argparse.Namespace) -> int:
    settings, clock = configure(choices.local), Clock(rebuilding.EPOCH)
    await reach(settings, choices.service)
    runtime = replace(Runtime.connect(choices.service, settings), now=clock.now, silent=True)
    done = await rebuilding.run(choices.service, runtime, clock)
    if choices.json:
        show_json(asdict(done))
        return 0
    documents = ", ".join(f"{count} {name}" for name, count in done.documents.items())
    say(
        tr(
            f"{choices.service}: {done.read} events read, {done.handled} heard; now there are {documents}",
            f"{choices.service}：读取 {done.read} 条事件，处理 {done.handled} 条；现有 {documents}",
        )
    )
    say_unheard(choices.service, done)
    for one in done.left:
        say(
            tr(f"not used, because what it builds on is not in the stream: {one}", f"未采用，事件流中没有其依据：{one}")
        )
    return 0


def say_unheard(service: str, done: Rebuilt) -> None:
    """What it is still to handle: told here, because nothing of it is in what was built."""
    if done.to_come:
        say(
            tr(
                f"{done.to_come} events were left to {service}, which has not handled them yet: it does when it runs",
                f"{done.to_come} 条事件 {service} 尚未处理，留待其启动后处理",
            )
        )
    if done.dead:
        say(
            tr(
                f"{done.dead} events are dead letters and were left so: bihuan dead-letters replay",
                f"{done.dead} 条事件为死信，未予处理：请使用 bihuan dead-letters replay",
            )
        )


async def reindex(database: Database, service: str) -> None:
    """A replica begins within half a minute, and says `complete: false` with what it finds until it has caught up. One
    that is not running does so when it starts."""
    await Generations(database, SEARCHED[service]).next()


async def reindex_service(choices: argparse.Namespace) -> int:
    async with database_of(configure(choices.local), choices.service) as database:
        await reindex(database, choices.service)
    say(
        tr(
            f"{choices.service}: replicas build their search index again within half a minute.",
            f"{choices.service}：各副本将在半分钟内开始重建搜索索引。",
        )
    )
    return 0
