"""What a log tells: errors over time, where they began, and what people did before."""

import tracemalloc

import pytest

from services.triage.logs.analysis import SHOWN_BUCKETS, Analysis, Findings
from services.triage.logs.modules import module_of
from services.triage.logs.operations import operation_of
from services.triage.logs.templates import MOST_TEMPLATES, Templates
from services.triage.logs.times import time_of
from shared.stack_traces import find, fingerprints

TRACE = """2026-03-02 12:{:02d}:00 ERROR [main] c.a.Web - request failed
java.lang.IllegalStateException: no pool
\tat com.zaxxer.hikari.pool.HikariPool.get(HikariPool.java:1)
\tat com.acme.order.OrderService.create(OrderService.java:12)
"""
REFUSED = "2026-03-02 13:00:00 ERROR payment refused by gateway, order {}, password=geheim1\n"
CODE = "2026-03-02 13:05:00 WARN ORA-01017: invalid username/password\n"


def analysed(*pieces: str) -> Findings:
    analysis = Analysis(2026)
    for piece in pieces:
        analysis.feed(piece)
    return analysis.finish()


def test_errors_are_grouped_over_time() -> None:
    found = analysed(*(TRACE.format(n) for n in range(30)), *(REFUSED.format(n) for n in range(7)), CODE)
    groups = {group.title.partition(":")[0]: group for group in found.groups}
    trace = groups["java.lang.IllegalStateException"].shown([])
    assert (trace.count, trace.first_at, trace.last_at) == (30, "2026-03-02T12:00:00", "2026-03-02T12:29:00")
    assert [(one.begins, one.count) for one in trace.buckets] == [
        ("2026-03-02T12:0", 10),
        ("2026-03-02T12:1", 10),
        ("2026-03-02T12:2", 10),
    ]
    assert (trace.module, found.module) == ("com.acme.order.OrderService", "com.acme.order.OrderService")
    assert [trace.fingerprint] == fingerprints(one for one in find(TRACE.format(1)) if one.frames)
    refused = next(group for group in found.groups if "payment" in group.title)
    assert (refused.count, refused.first) == (7, "2026-03-02T13:00:00")
    assert "geheim1" not in f"{refused.title}{refused.evidence}{found.templates}"
    assert groups["ORA-01017"].count == 1
    assert (found.lines, found.last_at, found.uncounted) == (30 * 4 + 8, "2026-03-02T13:05:00", 0)


def test_a_trace_that_two_pieces_share_is_one() -> None:
    lines = TRACE.format(1).splitlines(keepends=True)
    assert analysed(*lines).traces == analysed("".join(lines)).traces != []


def test_memory_does_not_grow_with_the_log() -> None:
    analysis, sizes = Analysis(2026), []
    tracemalloc.start()
    for n in range(4):
        for k in range(100):
            at = f"2026-{1 + n:02d}-{1 + k % 28:02d} {k % 24:02d}:00:00 ERROR"
            analysis.feed(
                "".join(f"{at} word{'abcdefghij'[i % 10] * (k + 1)} {'x' * n} failed at {i}\n" for i in range(50))
            )
        sizes.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    found = analysis.finish()
    assert found.lines == 20_000
    assert sizes[3] - sizes[2] <= sizes[1] + 1_000_000
    assert all(len(group.shown([]).buckets) <= SHOWN_BUCKETS for group in found.groups)


def test_templates_are_bounded_and_what_had_no_room_is_counted() -> None:
    templates = Templates()
    for n in range(MOST_TEMPLATES + 10):
        letters = "".join(chr(97 + int(digit)) for digit in str(n))
        templates.add(f"{letters} {letters}x says")
    assert templates.passed_over == 10


@pytest.mark.parametrize(
    ("lines", "texts"),
    [
        (["connected to 10.0.0.1:80 in 5 ms", "connected to 10.0.0.2:81 in 7 ms"], ["connected to <*> in <*>"]),
        (["用户登录 id=17 成功", "用户登录 id=18 成功"], ["用户登录 id= <*> 成功"]),
        (["Instance spawned ok", "Instance destroyed ok"], ["Instance spawned ok", "Instance destroyed ok"]),
        ([f"removing {name} now" for name in ("echo", "time", "tftp", "rsh")], ["removing <*> now"]),
        (["read /var/log/a.log", "read C:\\temp\\b.log"], ["read <*>"]),
    ],
)
def test_lines_of_one_place_in_a_program_are_one_template(lines: list[str], texts: list[str]) -> None:
    templates = Templates()
    for line in lines:
        templates.add(line)
    assert [" ".join(one.words) for one in templates.join()] == texts


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("2026-03-02T12:00:01.123Z INFO x", "2026-03-02T12:00:01"),
        ("2026/3/2 9:00:01 x", "2026-03-02T09:00:01"),
        ("2026年3月2日 12:00:01 x", "2026-03-02T12:00:01"),
        ('1.2.3.4 - - [02/Mar/2026:12:00:01 +0800] "GET /"', "2026-03-02T12:00:01"),
        ("[Mon Mar 02 12:00:01 2026] [error] x", "2026-03-02T12:00:01"),
        ("Mar  2 12:00:01 web-1 app[1]: x", "2025-03-02T12:00:01"),
        ("03-02 12:00:01.123  1  1 E Tag: x", "2025-03-02T12:00:01"),
        ("2026-13-02 12:00:01 x", ""),
        ("at 12:00:01 somebody came", ""),
        ("Foo  2 12:00:01 x", ""),
    ],
)
def test_the_time_of_a_line_is_read(line: str, at: str) -> None:
    assert time_of(line, 2025) == at


@pytest.mark.parametrize(
    ("line", "who", "did"),
    [
        ("INFO user=zhao.lei clicked Export button", "zhao.lei", "clicked Export button"),
        ("用户张三点击了导出按钮", "张三", "点击了导出按钮"),
        ("操作员：李四 打开 报表中心", "李四", "打开 报表中心"),
        ('{"username":"wang","action":"submit order"}', "wang", 'submit order"}'),
    ],
)
def test_what_people_did_is_a_timeline(line: str, who: str, did: str) -> None:
    found = operation_of(line, "2026-03-02T12:00:01")
    assert found is not None
    assert (found.at, found.who, found.did) == ("2026-03-02T12:00:01", who, did)


@pytest.mark.parametrize("line", ["connection opened", "user guide", "用户很满意", "user login"])
def test_what_nobody_did_is_on_no_timeline(line: str) -> None:
    assert operation_of(line, "") is None


def test_operations_stand_in_their_order() -> None:
    found = analysed("".join(f"2026-03-02 12:00:{n:02d} user=li clicked Save\n" for n in range(60)))
    assert [one.at[-2:] for one in found.operations] == [f"{n:02d}" for n in range(10, 60)]


@pytest.mark.parametrize(
    ("text", "module"),
    [
        ("a.XError: y\n\tat org.hibernate.A.b(A.java:1)\n\tat com.acme.B.c(B.java:1)", "com.acme.B"),
        ("TypeError: y\n    at f (/srv/node_modules/x/a.js:1:2)\n    at g (/srv/app/user.js:1:2)", "user.js"),
        ('Traceback (most recent call last):\n  File "/app/svc.py", line 1, in run\nKeyError: 1', "svc.py"),
        ("panic: x\n\nmain.(*Server).Handle(0x0)\n\t/app/main.go:33", "main"),
        ("System.YException: z\n   at System.Linq.A.B()\n   at Acme.Invoice.Load(Int32 id)", "Acme.Invoice"),
    ],
)  # fmt: skip
def test_the_suspect_is_the_products_own_module(text: str, module: str) -> None:
    assert module_of(find(text)[0]) == module
