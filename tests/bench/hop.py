"""One hop over the bus, from publishing to the handler in another process, beside a bare subscriber."""

from statistics import median

from tests.bench.desk import TRACED, Desk
from tests.bench.figures import percentile

RATE = 200.0


async def run(desk: Desk) -> None:
    publisher = await desk.helper("hop_ends", "publisher")
    handler = await desk.helper("hop_ends", "handler")
    for end in (handler, publisher):
        await end.do("start", nats_url=desk.stack.nats_url, otlp_url=desk.stack.collector_url, trace_ratio=TRACED)
    await handler.do("listen")
    await publisher.do("connect")
    count = 400 if desk.quick else 1000
    times: dict[str, list[float]] = {"bus": [], "bare": []}
    halves: dict[str, list[float]] = {"bus": [], "bare": []}
    costs: dict[str, dict[str, float]] = {}
    note = ""
    for way in times:
        await publisher.do("publish", way=way, count=100, rate=RATE)
        await handler.do("collect", count=100, within=5)
    for _ in range(1 if desk.quick else 3):
        for way, found in times.items():
            with desk.window() as window:
                await publisher.do("publish", way=way, count=count, rate=RATE)
                heard = await handler.do("collect", count=count, within=5)
            if len(heard) < count:
                raise RuntimeError(f"{way}: {count} were published, {len(heard)} were heard")
            found += heard
            halves[way].append(percentile(heard, 0.5) * 1000)
            costs[way], note = window.per(count), window.strangers
    add = desk.figures.add
    add("hop_p50_ms", median(halves["bus"]), "ms", costs["bus"], note)
    add("hop_p99_ms", percentile(times["bus"], 0.99) * 1000, "ms")
    add("hop_bare_p50_ms", median(halves["bare"]), "ms", costs["bare"])
    add("hop_bare_p99_ms", percentile(times["bare"], 0.99) * 1000, "ms")
    add("hop_to_bare", median(a / b for a, b in zip(halves["bus"], halves["bare"], strict=True)), "")
