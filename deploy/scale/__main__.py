"""`python -m deploy.scale`: prints what so many tickets a year make of events, statements and bytes, how many processes
they need, and what breaks first. docs/scale.md explains it and quotes what this prints."""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from deploy.scale import days
from deploy.scale.demand import DAYS, Demand
from deploy.scale.limits import KEPT_DAYS, STREAM_BYTES, limits
from deploy.scale.measured import CPU_MS, SERVICES, Cost, Measured, load, mean

DOCS = Path(__file__).parents[2] / "docs"
PAGES = (DOCS / "scale.md", DOCS / "zh" / "scale.md")
GB = 1e9
SMALL = 22e9  # bytes a year: what is kept in less than this is told together
FENCE = "```"
WITHIN = 10.0  # seconds that nothing may wait for, in a burst too


def report(demand: Demand, measured: Measured) -> list[str]:
    """In parts, each a text that begins with its heading."""
    cost = mean(measured.stories, demand.mix)
    parts = (
        _ticket(demand, measured, cost),
        _rates(demand, cost),
        _bytes(demand, cost),
        _processes(demand),
        _limits(demand, measured, cost),
    )
    return ["\n".join(line.rstrip() for line in part) for part in parts]


def quoted(page: str, parts: list[str]) -> str:
    """The page with its quotations as these parts are now; a quotation is known by its first words."""
    now = {_heading(part): part for part in parts}
    blocks = page.split(FENCE)  # every second one is a quotation
    for place in range(1, len(blocks), 2):
        if part := now.get(_heading(blocks[place].lstrip("\n"))):
            blocks[place] = f"\n{part}\n"
    return FENCE.join(blocks)


def _heading(part: str) -> str:
    """Its first line, without the figures that it may begin with."""
    return part.split("\n")[0].lstrip("0123456789, ")


def _ticket(demand: Demand, measured: Measured, cost: Cost) -> Iterator[str]:
    yield "One ticket"
    yield f"  {'kind':<10}{'share':>7}{'events':>8}{'statements':>12}{'bytes kept':>12}{'on the bus':>12}"
    every = [(name, measured.stories[name], f"{share:.0%}") for name, share in demand.mix.items()]
    for name, one, share in [*every, ("mean", cost, "")]:
        statements = sum(one.reads.values()) + sum(one.writes.values())
        kept = sum(store.bytes + store.index_bytes for store in one.stores.values())
        yield f"  {name:<10}{share:>7}{one.events:>8.0f}{statements:>12.0f}{kept:>12,.0f}{one.stream_bytes:>12,.0f}"


def _rates(demand: Demand, cost: Cost) -> Iterator[str]:
    yield f"{demand.tickets:,} tickets a year, by second"
    yield f"  {'':<24}{'tickets':>9}{'events':>9}{'reads':>9}{'writes':>9}{'looks':>9}"
    at = {"mean of the year": demand.per_second, "fullest hour": demand.busiest_hour, "burst": demand.in_burst}
    reads, writes = sum(cost.reads.values()), sum(cost.writes.values())
    for name, rate in at.items():
        sums = (rate * cost.events, rate * reads, rate * writes, rate * demand.looks)
        yield f"  {name:<24}{rate:>9.2f}{''.join(f'{one:>9,.0f}' for one in sums)}"
    yield "  statements in the fullest hour"
    for name in SERVICES:
        of = demand.busiest_hour * cost.reads[name], demand.busiest_hour * cost.writes[name]
        yield f"    {name:<22}{'':>18}{of[0]:>9,.0f}{of[1]:>9,.0f}"


def _bytes(demand: Demand, cost: Cost) -> Iterator[str]:
    yield "Kept, GB"
    yield f"  {'':<24}{'a year':>9}{'indexes':>9}{'documents':>16}"
    year = demand.tickets
    small = [store for store in cost.stores.values() if store.bytes * year < SMALL]
    for name, store in cost.stores.items():
        if store in small:
            continue
        sizes = f"{store.bytes * year / GB:>9,.1f}{store.index_bytes * year / GB:>9,.1f}"
        yield f"  {name:<24}{sizes}{store.documents * year:>16,.0f}"
    rest = sum(store.bytes for store in small) * year / GB, sum(store.index_bytes for store in small) * year / GB
    yield f"  {'all that are smaller':<24}{rest[0]:>9,.1f}{rest[1]:>9,.1f}"
    files = year * demand.attached
    yield f"  {'intake attachments':<24}{files * demand.attachment_bytes / GB:>9,.1f}{'':>9}{files:>16,.0f}"
    stream = cost.stream_bytes * year / DAYS * KEPT_DAYS
    yield f"  the stream keeps {KEPT_DAYS} days: {stream / GB:,.0f} GB, three copies {3 * stream / GB:,.0f} GB"
    days_held = STREAM_BYTES / (cost.stream_bytes * year / DAYS)
    yield f"  as it comes it may have {STREAM_BYTES / 1024**3:.0f} GiB, which hold {days_held:.1f} days"
    yield f"  open at the same time: {year / DAYS * demand.days_open:,.0f} tickets"


def _processes(demand: Demand) -> Iterator[str]:
    day, burst = days.arrivals(demand, burst=False), days.arrivals(demand, burst=True)
    needed = days.needed(burst, WITHIN)
    yield "The busiest day, second by second"
    yield f"  {'':<10}{'processes':>10}{'busiest hour':>14}{'burst':>10}{'one stopped 40 s':>18}{'bus away 1 h':>26}"
    for name, processes in needed.items():
        used = demand.busiest_hour / (processes * 1000 / CPU_MS[name])
        in_burst = days.run(burst, name, processes).longest_wait
        stopped = days.run(day, name, processes, days.one_fewer(processes, 40)).longest_wait
        hour = days.run(day, name, processes, days.away(3600))
        after = f"{(hour.behind_for - 3600) / 60:.0f} min to catch up"
        yield f"  {name:<10}{processes:>10}{used:>14.0%}{in_burst:>8.1f} s{stopped:>16.1f} s{after:>26}"


def _limits(demand: Demand, measured: Measured, cost: Cost) -> Iterator[str]:
    yield "What breaks first, by tickets a year"
    for one in limits(demand, cost, measured):
        yield f"  {one.tickets / 1e6:>7,.1f} million  {one.what}: {one.then}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m deploy.scale", description="How a deployment grows, in figures")
    parser.add_argument("--tickets", type=int, default=Demand.tickets, help="a year")
    parser.add_argument("--burst", type=float, default=Demand.burst, help="times the rate of the fullest hour")
    parser.add_argument("--attached", type=float, default=Demand.attached, help="share of tickets with a file")
    parser.add_argument(
        "--write", action="store_true", help="put what is printed into docs/scale.md, and the Chinese page"
    )
    given = parser.parse_args()
    demand = replace(Demand(), tickets=given.tickets, burst=given.burst, attached=given.attached)
    parts = report(demand, load())
    print("\n\n".join(parts))
    if given.write:
        for page in PAGES:
            page.write_text(quoted(page.read_text(encoding="utf-8"), parts), encoding="utf-8")


if __name__ == "__main__":
    main()
