"""Stack traces in what customers paste, and fingerprints that stay."""

import pytest

from shared.stack_traces import LIMIT, Reader, find, fingerprints

JAVA = """2026-11-20 10:00:01.123 ERROR 1 --- [exec-3] c.a.Web : Servlet.service() threw
org.springframework.dao.DataAccessException: pool exhausted
\tat org.springframework.jdbc.Foo.bar(Foo.java:81)
\tat com.acme.order.OrderService.create(OrderService.java:112)
\tat java.base/java.lang.Thread.run(Thread.java:829)
Caused by: java.sql.SQLTransientConnectionException: HikariPool-1 - timed out after 30000ms.
\tat com.zaxxer.hikari.pool.HikariPool.createTimeoutException(HikariPool.java:696)
\tat com.acme.order.Dao$1.run(Dao.java:20)
\t... 42 more"""
PYTHON = """Traceback (most recent call last):
  File "/app/main.py", line 10, in handler
    svc.run(x)
    ^^^^^^^^^^
  File "/app/svc.py", line 44, in run
    raise KeyError("tenant")
KeyError: 'tenant'"""
DOTNET = """Unhandled exception. System.InvalidOperationException: Sequence contains no elements
   at System.Linq.ThrowHelper.ThrowNoElementsException()
   at Acme.Billing.Invoice.Load(Int32 id) in C:\\src\\Invoice.cs:line 42"""
DOTNET_ZH = """System.NullReferenceException: 未将对象引用设置到对象的实例。
   在 Acme.Web.Home.Index() 位置 D:\\w\\Home.cs:行号 12"""
DOTNET_INNER = """System.Exception: outer failed
 ---> System.IO.IOException: disk full
   at Acme.Files.Save(String path) in C:\\src\\Files.cs:line 7
   --- End of inner exception stack trace ---
   at Acme.Program.Main() in C:\\src\\Program.cs:line 3"""
NODE = """TypeError: Cannot read properties of undefined (reading 'id')
    at getUser (/srv/app/user.js:10:15)
    at async Layer.handle [as handle_request] (/srv/node_modules/express/lib/router/layer.js:95:5)
    at https://cdn.example/app.min.js:1:2345"""
GO = """panic: runtime error: invalid memory address or nil pointer dereference
[signal SIGSEGV: segmentation violation]

goroutine 1 [running]:
main.(*Server).Handle(0x0, 0x1)
\t/app/main.go:33 +0x1d
main.main()
\t/app/main.go:12 +0x20"""


def marks(text: str) -> list[str]:
    return fingerprints(find(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            JAVA,
            [
                ("java", "org.springframework.dao.DataAccessException", "pool exhausted", 3),
                ("java", "java.sql.SQLTransientConnectionException", "HikariPool-1 - timed out after 30000ms.", 2),
            ],
        ),
        (PYTHON, [("python", "KeyError", "'tenant'", 2)]),
        (DOTNET, [("dotnet", "System.InvalidOperationException", "Sequence contains no elements", 2)]),
        (DOTNET_ZH, [("dotnet", "System.NullReferenceException", "未将对象引用设置到对象的实例。", 1)]),
        (
            DOTNET_INNER,
            [("dotnet", "System.IO.IOException", "disk full", 1), ("dotnet", "System.Exception", "outer failed", 1)],
        ),
        (NODE, [("javascript", "TypeError", "Cannot read properties of undefined (reading 'id')", 3)]),
        (GO, [("go", "panic", "runtime error: invalid memory address or nil pointer dereference", 2)]),
    ],
)
def test_a_trace_is_found_in_what_a_customer_wrote(text: str, expected: list[tuple[str, str, str, int]]) -> None:
    found = find(f"客户描述：点击后出错\n{text}\n谢谢，请尽快处理")
    assert [(one.language, one.type, one.message, len(one.frames)) for one in found] == expected


@pytest.mark.parametrize("text", [JAVA, PYTHON, DOTNET, DOTNET_ZH, DOTNET_INNER, NODE, GO])
def test_a_fingerprint_ignores_line_numbers(text: str) -> None:
    moved = text
    for before, after in ((":112", ":119"), ("line 44", "line 45"), ("line 42", "line 57"), ("行号 12", "行号 30")):
        moved = moved.replace(before, after)
    moved = moved.replace(".js:10:15", ".js:11:2").replace("main.go:33", "main.go:40").replace("Dao$1", "Dao$2")
    assert marks(text) == marks(moved) != []


def test_different_places_have_different_fingerprints() -> None:
    assert marks(PYTHON) != marks(PYTHON.replace("in run", "in walk"))
    every = [mark for text in (JAVA, PYTHON, DOTNET, DOTNET_ZH, NODE, GO) for mark in marks(text)]
    assert len(every) == len(set(every)) == 7


def test_frames_of_the_runtime_do_not_make_two_errors_one() -> None:
    other = JAVA.replace("com.acme.order.OrderService.create", "com.acme.stock.StockService.move")
    assert marks(JAVA)[0] != marks(other)[0]


@pytest.mark.parametrize("text", ["", "没有堆栈", "Error: no frames follow", "an Exception at work (10:15)"])
def test_text_without_frames_holds_no_trace(text: str) -> None:
    assert find(text) == []


def test_a_trace_is_found_behind_many_errors_without_one() -> None:
    [found] = find("ERROR: Error: x\n" * 5_000 + NODE)
    assert found.type == "TypeError"


def test_prose_that_looks_like_a_frame_is_left_out() -> None:
    [found] = find(f"{NODE}\nat home (yesterday) it worked\n在 生产环境(测试)也一样")
    assert len(found.frames) == 3


@pytest.mark.parametrize(
    "line",
    [
        "a." * 500,
        "Error " * 160,
        "\tat " + "(" * 990,
        " " * 999,
        "aA." * 330 + "Exception",
        "x.y(" * 240 + ")",
        "---> " * 199,
        "\tat " + "a:1" * 300,
    ],
)
def test_of_hostile_logs_no_more_is_kept_than_of_others(line: str) -> None:
    log = f"java.lang.Error: x\n{(line + chr(10)) * (LIMIT // (len(line) + 1))}"
    assert len(find(log)) <= 50


def test_what_repeats_leaves_room_for_the_rest_of_a_long_log() -> None:
    reader = Reader()
    for name in ["Often"] * 200 + ["Once"]:
        reader.feed(f"java.lang.IllegalStateException: no pool\n\tat com.acme.{name}.run(A.java:1)\n")
        reader.drop_repeats()
    assert len(reader.found) == 2
    assert [trace.frames for trace in reader.found] == [["com.acme.Often.run"], ["com.acme.Once.run"]]
