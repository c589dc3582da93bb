"""The sums of growth, and that the page about it says what they say."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.scale.__main__ import PAGES, quoted, report
from deploy.scale.days import AT_OPENING, BEGIN, DAY, arrivals, away, needed, one_fewer, run
from deploy.scale.demand import SHARES, WEEK, Demand
from deploy.scale.limits import limits
from deploy.scale.measured import CPU_MS, SERVICES, load, mean

DEMAND, MEASURED = Demand(), load()
COST = mean(MEASURED.stories, DEMAND.mix)


@pytest.fixture(scope="module")
def printed() -> list[str]:
    return report(DEMAND, MEASURED)


LANGUAGES = pytest.mark.parametrize("path", PAGES, ids=["en", "zh"])


@LANGUAGES
def test_the_page_quotes_what_is_printed(printed: list[str], path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    for part in printed:
        assert f"```\n{part}\n```" in page, "run `python -m deploy.scale --write` and read the page again"
    assert len(page.splitlines()) <= 150


@LANGUAGES
def test_what_the_page_says_in_words_is_printed_too(printed: list[str], path: Path) -> None:
    prose = re.sub(r"```.*?```|`[^`]*`|\([^)]*\.md\)", "", path.read_text(encoding="utf-8"), flags=re.S)
    figures = set(re.findall(r"\d[\d,.]*\d", prose))
    said = {"200", "64"}  # of the code: marks kept in a document, parts proposed
    assert {one for one in figures - said if one not in " ".join(printed)} == set()


def test_a_quotation_is_renewed_where_it_stands_and_nothing_else_changes() -> None:
    page = "a\n```\n1,000 tickets a year, by second\n old 1\n```\nb\n```\nother\n```\n"
    new = quoted(page, ["2,000 tickets a year, by second\n new 2", "other\n 3"])
    assert new == "a\n```\n2,000 tickets a year, by second\n new 2\n```\nb\n```\nother\n 3\n```\n"


def test_shares_are_whole() -> None:
    assert sum(WEEK) == pytest.approx(1)
    assert sum(SHARES) == pytest.approx(1)
    assert len(SHARES) == 24
    with pytest.raises(ValueError, match="add up"):
        mean(MEASURED.stories, {"plain": 0.5})


def test_the_mean_of_one_kind_is_that_kind() -> None:
    plain = mean(MEASURED.stories, {"plain": 1.0})
    assert plain.events == pytest.approx(MEASURED.stories["plain"].events)
    assert plain.stores["intake.ticket"] == MEASURED.stories["plain"].stores["intake.ticket"]
    assert set(plain.reads) == set(plain.writes) == set(SERVICES)


def test_the_days_tickets_are_those_of_the_busiest_day() -> None:
    expected = sum(DEMAND.rate(second) for second in range(DAY))
    work = arrivals(DEMAND, burst=False)
    assert expected == pytest.approx(DEMAND.tickets / 365 * 7 * WEEK[0] * DEMAND.busiest_day)
    assert sum(work) == pytest.approx(expected, rel=0.05)  # what comes after midnight is another day's
    opened = sum(arrivals(DEMAND, burst=True)) - sum(work)
    assert opened == pytest.approx(DEMAND.busiest_hour * 600 * (DEMAND.burst - 1), rel=0.2)


def test_what_waits_is_what_came_and_was_not_done() -> None:
    takes = CPU_MS["sla"] / 1000 / 0.7  # seconds of one process
    assert run([0.9 / takes] * 3600, "sla", 1).longest_wait == 0
    flood = [10 / takes, *[0.0] * 99]  # nine seconds of work are left after the first
    assert run(flood, "sla", 1).longest_wait == pytest.approx(9)
    assert run(flood, "sla", 2).longest_wait == pytest.approx(4)
    assert run(flood, "sla", 1).behind_for == 8  # then one second of it is left


def test_an_hour_away_is_caught_up_with_and_a_stopped_process_takes_its_share() -> None:
    work = [1.0] * DAY
    hour = run(work, "notify", 1, away(3600))
    rate = 0.7 * 1000 / CPU_MS["notify"]
    assert hour.longest_wait == pytest.approx(3600 / rate, rel=0.01)
    assert hour.behind_for > 3600
    assert run(work, "notify", 2, one_fewer(2, 40)).longest_wait <= run(work, "notify", 1, away(40)).longest_wait
    assert one_fewer(4, 40)(BEGIN + 1) == 0.75


def test_processes_are_as_many_as_it_takes() -> None:
    work = [0.0] * 100
    work[10] = 100.0
    found = needed(work, within=2.0)
    for service, processes in found.items():
        assert run(work, service, processes).longest_wait <= 2.0
        assert processes == 2 or run(work, service, processes - 1).longest_wait > 2.0


def test_limits_come_in_the_order_in_which_they_are_reached_and_do_not_hang_on_how_many_tickets_there_are() -> None:
    found = limits(DEMAND, COST, MEASURED)
    assert [one.tickets for one in found] == sorted(one.tickets for one in found)
    twice = limits(replace(DEMAND, tickets=2 * DEMAND.tickets), COST, MEASURED)
    assert [one.tickets for one in twice] == pytest.approx([one.tickets for one in found])


def test_a_ticket_opens_with_the_share_of_its_work_that_was_counted() -> None:
    assert pytest.approx(15 / 52, abs=0.02) == AT_OPENING
