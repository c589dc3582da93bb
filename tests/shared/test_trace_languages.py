"""Stack traces of each language, as people paste them: behind prefixes, quoted, escaped, without indentation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.stack_traces import find, fingerprints

JAVA = "java.lang.IllegalStateException: no stock\n\tat com.acme.Order.create(Order.java:12)"
PYTHON = """Traceback (most recent call last):
  File "/app/main.py", line 10, in handler
    svc.run(x)
  File "/app/svc.py", line 44, in run
    raise KeyError("tenant")
{}"""
GROUP = """  + Exception Group Traceback (most recent call last):
  |   File "a.py", line 1, in <module>
  |     raise ExceptionGroup("eg", errors)
  | ExceptionGroup: eg (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "b.py", line 3, in f
    |     raise ValueError(1)
    | ValueError: 1
    +---------------- 2 ----------------
    | Traceback (most recent call last):
    |   File "b.py", line 9, in g
    | TypeError: 2
    +------------------------------------"""
PHP = """PHP Fatal error:  Uncaught TypeError: foo(): Argument #1 must be of type int in /var/www/a.php:12
Stack trace:
#0 /var/www/a.php(20): foo('x')
#1 /var/www/vendor/x/y.php(2): App\\Order->create()
#2 {main}
  thrown in /var/www/a.php on line 12"""
LARAVEL = r"""production.ERROR: failed {"exception":"[object] (App\\QueryException(code: 7): no row at /w/c.php:12)
[stacktrace]
#0 /w/c.php(33): App\\Connection->run()"""
RUBY = "/app/a.rb:12:in `foo': undefined method `x' for nil:NilClass (NoMethodError)\n\tfrom /app/b.rb:3:in `<main>'"
RAILS = """ActiveRecord::RecordNotFound (Couldn't find Order with 'id'=5):

app/controllers/orders_controller.rb:12:in `show'"""
RUST = """thread 'main' panicked at src/main.rs:4:5:
index out of bounds: the len is 3
stack backtrace:
   0: rust_begin_unwind
             at /rustc/abc/std/src/panicking.rs:593:5
   4: app::order::create
             at ./src/main.rs:4:5"""
GO_HTTP = """2026/11/20 10:00:01 http: panic serving 10.0.0.1:5: runtime error: index out of range [5] with length 3
goroutine 34 [running]:
net/http.(*conn).serve.func1()
\t/usr/local/go/src/net/http/server.go:1850 +0xbf
panic({0x6b0ea0, 0xc0000})
\t/usr/local/go/src/runtime/panic.go:890 +0x262
main.handler({0x1, 0x2}, 0x3)
\t/app/a.go:3 +0x12"""
FIREFOX = """TypeError: x is undefined
getUser@https://a.example/static/index-DVLC4zOk.js:10:15
run/<@https://a.example/static/index-DVLC4zOk.js:10:15
async*foo@https://a.example/app.js:1:2"""
SAFARI = """TypeError: undefined is not an object
getUser@https://a.example/static/index-Cq9_mP2x.js:10:15
forEach@[native code]
global code@https://a.example/x.js:1:2"""
VITE = """TypeError: t is null
    at render (https://x.example/assets/{0}.js:12:4512)
    at {1} (https://x.example/assets/{0}.js:1:2)"""
AGGREGATE = """System.AggregateException: One or more errors occurred. (disk full)
 ---> System.IO.IOException: disk full
   at Acme.Files.Save(String path)
   --- End of inner exception stack trace ---
   at Acme.Program.Main()
---> (Inner Exception #0) System.TimeoutException: slow
   at Acme.Net.Wait()<---"""
DOTNET_ZH = """未经处理的异常:  System.NullReferenceException: 未将对象引用设置到对象的实例。
   在 Acme.Home.<Load>d__5.MoveNext() 位置 D:\\w\\Home.cs:行号 12
--- 引发异常的上一位置中堆栈跟踪的末尾 ---
   在 Acme.Program.Main(String[] args)"""


GAIERROR = PYTHON.format("socket.gaierror: [Errno -2] x")
ORDER = ["com.acme.Order.create"]
OUT_OF_MEMORY = JAVA.replace("IllegalStateException", "OutOfMemoryError")
THREADS = """"main" #1 prio=5
   java.lang.Thread.State: RUNNABLE
\tat a.B.c(B.java:1)
\t- locked <0x1>
\tat a.B.d(B.java:1)"""
CHAIN = f"""{JAVA}
Caused by: com.acme.OrderRejected: x
\tat a.B.c(B.java:1)
\tSuppressed: a.YError: z
\t\tat a.B.d(B.java:2)"""


def told(text: str) -> list[tuple[str, str, list[str]]]:
    return [(one.language, one.type, one.frames) for one in find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GAIERROR, ("python", "socket.gaierror", ["svc.py:run", "main.py:handler"])),
        (PYTHON.format("cv2.error: x"), ("python", "cv2.error", ["svc.py:run", "main.py:handler"])),
        (PHP, ("php", "TypeError", ["a.php", "a.php:foo", "vendor:y.php:App\\Order->create"])),
        (LARAVEL, ("php", "App\\QueryException", ["c.php", "c.php:App\\Connection->run"])),
        (RUBY, ("ruby", "NoMethodError", ["a.rb:foo", "b.rb:<main>"])),
        (RUBY.replace("`", "'"), ("ruby", "NoMethodError", ["a.rb:foo", "b.rb:<main>"])),
        (RAILS, ("ruby", "ActiveRecord::RecordNotFound", ["orders_controller.rb:show"])),
        (RUST, ("rust", "panic", ["main.rs", "rust_begin_unwind", "app::order::create"])),
        ("thread 'main' panicked at 'boom', src/main.rs:4:5", ("rust", "panic", ["main.rs"])),
        (GO_HTTP, ("go", "panic", ["net/http.(*conn).serve.func1", "panic", "main.handler"])),
        (FIREFOX, ("javascript", "TypeError", ["index.js:getUser", "index.js:run", "app.js:foo"])),
        (SAFARI, ("javascript", "TypeError", ["index.js:getUser", "node:native:forEach", "x.js:global code"])),
        (
            SAFARI.partition("\n")[2],
            ("javascript", "Error", ["index.js:getUser", "node:native:forEach", "x.js:global code"]),
        ),
        (
            DOTNET_ZH,
            ("dotnet", "System.NullReferenceException", ["Acme.Home.<Load>d__5.MoveNext", "Acme.Program.Main"]),
        ),
        (JAVA.replace("(Order.java:12)", "(SourceFile:12)"), ("java", "java.lang.IllegalStateException", ORDER)),
        (JAVA.replace("(Order.java:12)", "(Unknown Source:7)"), ("java", "java.lang.IllegalStateException", ORDER)),
        (JAVA.replace(".java:", ".kt:"), ("kotlin", "java.lang.IllegalStateException", ORDER)),
        (
            "com.acme.OrderRejected: no\n\tat com.acme.Order.create(Order.java:12)",
            ("java", "com.acme.OrderRejected", ORDER),
        ),
        (JAVA.partition("\n")[2], ("java", "Exception", ORDER)),
    ],
)
def test_a_trace_is_read(text: str, expected: tuple[str, str, list[str]]) -> None:
    assert told(f"点击后出错\n{text}\n谢谢，请尽快处理") == [expected]


@pytest.mark.parametrize(
    ("text", "types"),
    [
        (
            f'Exception in thread "main" {JAVA}\nException in thread "pool-1-thread-3" {OUT_OF_MEMORY}',
            ["java.lang.IllegalStateException", "java.lang.OutOfMemoryError"],
        ),
        ("Unhandled Exception: System.IO.IOException: x\n   at A.B.C()", ["System.IO.IOException"]),
        (f"ERROR [main] c.a.ErrorLog - Error while placing order: {JAVA}", ["java.lang.IllegalStateException"]),
        (AGGREGATE, ["System.IO.IOException", "System.AggregateException", "System.TimeoutException"]),
        (GROUP, ["ExceptionGroup", "ValueError", "TypeError"]),
        (CHAIN, ["java.lang.IllegalStateException", "com.acme.OrderRejected", "a.YError"]),
    ],
)
def test_each_has_its_type_and_a_fingerprint_of_its_own(text: str, types: list[str]) -> None:
    found = find(text)
    assert [one.type for one in found] == types
    assert len(fingerprints(found)) == len(types)


PREFIXES = (
    "> ",
    ">> ",
    "api-1  | ",
    "[ERROR] ",
    "2026-11-20 10:00:01,123 ERROR [main] ",
    "2026-11-20T10:00:01.123Z stderr F ",
    "11-20 10:00:01.123  1234  1234 E AndroidRuntime: ",
    "E/AndroidRuntime( 1234): ",
    "Nov 20 10:00:01 web-1 app[123]: ",
    "[20-Nov-2026 10:00:01 Asia/Shanghai] ",
    "\x1b[31m",
)
WHOLE = [JAVA, PYTHON.format("KeyError: 1"), FIREFOX, PHP, RUBY, RUST, AGGREGATE, DOTNET_ZH, GO_HTTP, GROUP]


@pytest.mark.parametrize("text", WHOLE)
@pytest.mark.parametrize("prefix", PREFIXES)
def test_what_stands_before_each_line_changes_nothing(text: str, prefix: str) -> None:
    behind = "\n".join(prefix + line for line in text.splitlines())
    assert told(behind) == told(text) != []


@pytest.mark.parametrize("text", [PYTHON.format("KeyError: 1"), "panic: boom\n\nmain.main()\n\t/app/m.go:1"])
def test_a_time_before_the_first_line_changes_nothing(text: str) -> None:
    assert told(f"2026-11-20 10:00:01 {text}") == told(text) != []


@pytest.mark.parametrize("text", [*WHOLE[:-1], PYTHON.format("struct.error: x")])
def test_lost_indentation_changes_nothing(text: str) -> None:
    assert told("\n".join(line.strip() for line in text.splitlines())) == told(text) != []


@pytest.mark.parametrize("text", WHOLE)
def test_a_trace_inside_of_json_is_one(text: str) -> None:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    assert told(f'{{"level":"error","stack":"{escaped}"}}') == told(text)


def test_two_builds_of_one_page_have_one_fingerprint() -> None:
    builds = (("index-DVLC4zOk", "Xe"), ("index-Cq9_mP2x", "aB"), ("index.3f2a1b9c", "q"), ("index", "q"))
    marks = [fingerprints(find(VITE.format(*build))) for build in builds]
    assert marks[0] == marks[1] == marks[2]
    assert fingerprints(find(VITE.format("UserList", "load"))) != fingerprints(find(VITE.format("userForm", "load")))


@pytest.mark.parametrize(
    ("line", "type"),
    [
        ("ORA-01017: invalid username/password", "ORA-01017"),
        ("java.sql.SQLException: ORA-01017: x", "ORA-01017"),
        ("SQLSTATE[23000]: Integrity constraint violation", "SQLSTATE[23000]"),
        ("错误 0x80070005 拒绝访问", "0x80070005"),
        ("提示 HTTP 502", "HTTP 502"),
        ('"GET /api/orders/17 HTTP/1.1" 503 12', "HTTP 503"),
        ("request failed with status code 500", "HTTP 500"),
        ("connect ECONNREFUSED 127.0.0.1:6379", "ECONNREFUSED"),
        ("ERROR 1045 (28000): Access denied", "MySQL 1045"),
        ("Msg 2627, Level 14, State 1", "Msg 2627"),
    ],
)
def test_a_line_with_a_code_is_an_error(line: str, type: str) -> None:
    [found] = find(f"点击保存后\n2026-11-20 10:00:01 {line}\n请处理")
    assert (found.type, found.frames, len(found.fingerprint)) == (type, [], 16)
    assert fingerprints([found]) == fingerprints(find(line))


def test_a_status_is_told_from_that_of_another_path() -> None:
    lines = ('"GET /api/orders/17 HTTP/1.1" 503', '"GET /api/orders/18 HTTP/1.1" 503', '"GET /login HTTP/1.1" 503')
    marks = [fingerprints(find(line)) for line in lines]
    assert marks[0] == marks[1] != marks[2]


@pytest.mark.parametrize(
    "text",
    [
        "I get an Error when printing\nat reception desk (2nd floor)",
        "HTTP 200 OK",
        "2024年产品 0x80",
        "mail me a@b.cc:80",
        "status 5000 rows",
        THREADS,
    ],
)
def test_what_is_no_error_is_none(text: str) -> None:
    assert find(text) == []


@given(
    st.lists(st.sampled_from([*WHOLE, "ORA-01017: x", "一切正常", "\n", "at x (y)", "Caused by: a.BError"]), max_size=8)
)
def test_traces_beside_each_other_do_not_mix(texts: list[str]) -> None:
    """However they follow each other, each names at most what it names alone."""
    alone = {(one.language, one.type) for text in texts for one in find(text)} | {("java", "a.BError")}
    assert {(one.language, one.type) for one in find("\n--\n".join(texts))} <= alone


@given(st.text(max_size=2000), st.sampled_from(WHOLE))
def test_whatever_is_written_is_read(text: str, trace: str) -> None:
    for one in find(f"{text}\n{trace}\n{text}"):
        assert len(one.frames) <= 200
        assert len(one.fingerprint) == 16
