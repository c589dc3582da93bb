from dataclasses import replace

from deploy.local.spans import arrange, walk
from deploy.local.timescale import scale
from deploy.local.tree import Style, render
from deploy.local.waterfall import duration
from tests.deploy.otlp import a_span

REQUEST = a_span("intake", "POST /tickets", 1, ms=30)
INSERT = replace(a_span("intake", "insert", 2, parent=1, at=5), kind="client")
PROCESS = replace(a_span("triage", "process", 3, parent=1, at=40), error=True, message="too early")


def test_a_trace_is_a_tree_in_order_of_time() -> None:
    assert render([PROCESS, INSERT, REQUEST]).splitlines() == [
        "intake: POST /tickets (server)  30.0 ms",
        " ├─ intake: insert (client)  10.0 ms",
        " └─ triage: process (server)  10.0 ms ✗ too early",
    ]


def test_equal_neighbours_are_written_on_one_line() -> None:
    inserts = [replace(INSERT, span_id=f"{number:016x}") for number in range(10, 14)]
    assert "insert (client) ×4  40.0 ms" in render([REQUEST, *inserts])
    assert render([REQUEST, *inserts], Style(fold=0)).count("insert") == 4


def test_a_long_tree_is_cut() -> None:
    lines = render([REQUEST, INSERT, PROCESS], Style(limit=1)).splitlines()
    assert lines == ["intake: POST /tickets (server)  30.0 ms", "... 2 more lines"]


def test_a_span_whose_parent_is_elsewhere_is_a_root() -> None:
    roots = arrange([PROCESS, INSERT])
    assert [(depth, node.span.name) for depth, node in walk(roots)] == [(0, "insert"), (0, "process")]


def test_idle_hours_take_little_of_the_width() -> None:
    later = a_span("sla", "breach", 4, at=3_600_000)
    axis = scale([REQUEST, later])
    assert axis.share(REQUEST.start_us) == 0
    assert round(axis.share(REQUEST.end_us), 4) == 0.7275
    assert round(axis.share(later.start_us), 4) == 0.7575
    assert round(axis.share(later.end_us), 4) == 1
    assert len(axis.cuts) == 1


def test_a_frame_around_others_does_not_fill_idle_time() -> None:
    frame = replace(a_span("client", "journey", 9, ms=3_600_100), kind="internal")
    later = a_span("sla", "breach", 4, parent=9, at=3_600_000)
    assert len(scale([frame, replace(REQUEST, parent_id=frame.span_id), later]).cuts) == 1


def test_a_moment_without_length_has_a_place() -> None:
    moment = replace(REQUEST, end_us=REQUEST.start_us)
    assert scale([moment]).share(moment.start_us) == 0


def test_durations_read_well() -> None:
    assert [duration(us) for us in (1500, 45_000, 2_340_000, 125_000_000, 7_380_000_000)] == [
        "1.5 ms",
        "45 ms",
        "2.34 s",
        "2 min 5 s",
        "2 h 3 min",
    ]
