"""Versions, environments, errors and numbers of people, as they are written."""

import pytest

from services.intake.information.domain import extract, extract_log

JAVA = """导出时报错：
java.lang.IllegalStateException: no session for 13800138000
    at com.shop.Export.run(Export.java:41)
    at com.shop.Main.main(Main.java:7)
"""


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("V3.2在登录时崩溃", "V3.2"),
        ("从V3.1升级到V3.2以后打不开", "V3.2"),
        ("V3.1正常，V3.2打不开", "V3.2"),
        ("The app crashes, release 4.0.5", "V4.0.5"),
        ("Export fails in 7.1", "V7.1"),
        ("SDK是4.2.0，调用报错", "V4.2.0"),
        ("我们计划升级到V6.0", ""),
        ("阈值从0.8改成0.85以后报错", ""),
        ("网段192.168.5.0连不上", ""),
        ("Python 3.11上报错", ""),
        ("金额多了2.5元", ""),
        ("导出3.5万行报错", ""),
        ("批次号“V2024.05”出不了库", ""),
    ],
)
def test_the_version_in_which_the_problem_is(text: str, version: str) -> None:
    assert extract("", text).product_version == version


@pytest.mark.parametrize(
    ("text", "environment"),
    [
        ("在Windows 11上打不开", "Windows 11"),
        ("Win10登录报错", "Win10"),
        ("Chrome里正常，Firefox里点了没反应", "Firefox"),
        ("On macOS 14.5 with Safari the export never finishes", "macOS 14.5, Safari"),
        ("数据库MySQL 8.0，保存时报错", "MySQL 8.0"),
        ("你们支持Windows 11吗？", ""),
        ("下个月要换麒麟V10，能装吗？", ""),
        ("Fails in an edge case", ""),
        ("The maintenance windows are too short, exports fail", ""),
    ],
)
def test_the_environment_of_the_problem_is_literal(text: str, environment: str) -> None:
    assert extract("", text).environment == environment


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("登录时提示错误代码 STK-1042", "STK-1042"),
        ("It stops with ORA-01653: unable to extend", "ORA-01653"),
        ("下单接口返回HTTP 502", "HTTP 502"),
        ("打开就报0x80070005", "0x80070005"),
        ("控制台：Uncaught TypeError: x is undefined", "TypeError"),
        ("The process died with SIGSEGV", "SIGSEGV"),
        ("The import stops at row 500 of 2,000", ""),
        ("文件是UTF-8编码，导入失败", ""),
        ("如果出现ORA-00001怎么办？", ""),
        ("昨天的E-2201已经解决", ""),
    ],
)
def test_the_error_is_literal(text: str, error: str) -> None:
    assert extract("", text).error == error


def test_a_quoted_message_is_the_text_of_the_error() -> None:
    assert extract("", "点保存就提示“期间已关闭”，存不了").error_text == "期间已关闭"
    assert extract("", "It stops with ORA-01653: unable to extend").error_text == "ORA-01653: unable to extend"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("我们四十五人都登录不了", 45),
        ("两百多个用户打不开", 200),
        ("About 90 people cannot log in", 90),
        ("Forty-eight agents lost the connection", 48),
        ("我一个人登录不了", None),
        ("报表给300人看，怎么导出？", None),
    ],
)
def test_how_many_have_the_fault(text: str, count: int | None) -> None:
    assert extract("", text).users_affected == count


def test_a_trace_gives_error_and_fingerprint_without_numbers_of_persons() -> None:
    found = extract("导出失败", JAVA)
    assert found.error == "java.lang.IllegalStateException"
    assert found.error_text == "java.lang.IllegalStateException: no session for …"
    assert len(found.fingerprints) == 1


def test_a_log_tells_of_its_error_in_whatever_mood() -> None:
    found = extract_log("09:00 INFO started\n09:01 ERROR retry if ORA-00060: deadlock, password=geheim1\n")
    assert (found.error, len(found.fingerprints)) == ("ORA-00060", 1)
    assert "ORA-00060: deadlock" in found.error_text
    assert "geheim1" not in found.error_text
    assert extract_log("09:00 INFO started\n").error_text == ""


@pytest.mark.parametrize(
    "secret",
    [
        "password=S3cret!",
        "密码：Abc12345",
        "Bearer abcdef0123456789",
        "mongodb://root:hunter2@db",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
        "wang@huadong.example",
        "110101199003074514",
        "6222 0212 3456 7890",
        "13800138000",
        "+49 170 1234567",
    ],
)
def test_secrets_and_numbers_of_persons_are_masked(secret: str) -> None:
    told = extract("", f"每次登录都报“连接失败 {secret}”，打不开").error_text
    assert "连接失败" in told
    assert secret.split("=")[-1].split("：")[-1].removeprefix("Bearer ") not in told
    assert "hunter2" not in told
