"""What must not stay in a case, and what must."""

import pytest

from services.kb.cases.personal import HOST, Mask, masked
from services.kb.cases.settings import CaseSettings
from tests.kb.scene import PROBLEM, completed

MASK = Mask(["王敏", "Zoe Zhao"], ["华东贸易有限公司"], ["Project-*", "蓝鲸计划"])


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("王敏说不能导出", "[姓名 name]说不能导出"),
        ("Regards,\nZoe Zhao", "Regards,\n[姓名 name]"),
        ("张先生和李经理都试过", "[姓名 name]先生和[姓名 name]经理都试过"),
        ("联系人：陈小明", "联系人：[姓名 name]"),
        ("My name is John Smith and", "My name is [姓名 name] and"),
        ("华东贸易的服务器", "[公司 company]的服务器"),
        ("华东贸易有限公司", "[公司 company]"),
        ("写信到wang.min@huadong.example吧", "写信到[邮箱 email]吧"),
        ("手机13800138000，或 +86 138-0013-8000", "手机[电话 phone]，或 [电话 phone]"),
        ("座机021-55556666转12", "座机[电话 phone]"),
        ("call +1 (415) 555-2671.", "call [电话 phone]."),
        ("身份证110101199003074512", "身份证[证件号 ID]"),
        ("card 4111 1111 1111 1111", "card [卡号 card]"),
        ("服务器192.168.1.10连不上", "服务器[主机 host]连不上"),
        ("fe80::1ff:fe23:4567:890a", "[主机 host]"),
        ("00:1A:2B:3C:4D:5E", "[主机 host]"),
        ("db01.prod.corp:1521", "[主机 host]:1521"),
        ("上海市浦东新区张江路88号3楼", "[地址 address]"),
        ("at 12 Main Street today", "at [地址 address] today"),
        (r"C:\Users\wangmin\a.log", r"C:\Users\[姓名 name]\a.log"),
        ("密码是 Abc123!，请改", "密码是 [密钥 secret]，请改"),
        ("password=hunter2", "password=[密钥 secret]"),
        ("Authorization: Bearer abc.def-ghi", "Authorization: Bearer [密钥 secret]"),
        ("Cookie: JSESSIONID=9F3A; lang=zh\nnext", "Cookie: [密钥 secret]\nnext"),
        ("?sessionId=9f3a77c1b2&page=2", "?sessionId=[密钥 secret]"),
        ("加微信：wang_min88，或QQ号 是123456789", "加微信：[账号 account]，或QQ号 是[账号 account]"),
        ("我是张伟，请回电", "我是[姓名 name]，请回电"),
        ("张伟（13800138000）", "[姓名 name]（[电话 phone]）"),
        ("好的，谢谢！\n张伟", "好的，谢谢！\n[姓名 name]"),
        ("It hangs.\n\nThanks,\nJohn Smith\n", "It hangs.\n\nThanks,\n[姓名 name]\n"),
        ("Hi Tom, it works", "Hi [姓名 name], it works"),
        ("账户 DE89 3704 0044 0532 0130 00", "账户 [账号 account]"),
        ("护照号E12345678", "护照号[证件号 ID]"),
        ("车牌沪A12345", "车牌[证件号 ID]"),
        ("Tel: 555-0123，电话 400-820-8820", "Tel: [电话 phone]，电话 [电话 phone]"),
        ("phone 07911 123456", "phone [电话 phone]"),
        ("北京市朝阳区建国路甲92号", "[地址 address]"),
        ("221B Baker Street", "[地址 address]"),
        ("用户名：zhangwei，username=li.lei", "用户名：[账号 account]，username=[账号 account]"),
        ("验证码 839201，PIN: 1234", "验证码 [密钥 secret]，PIN: [密钥 secret]"),
        ("?a=1&token=abcdefghijk", "?a=1&token=[密钥 secret]"),
        ("mysql://root:pw@db/x", "mysql://[密钥 secret]@db/x"),
        ("ghp_0123456789abcdefghij0123", "[密钥 secret]"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\nAB==\n-----END RSA PRIVATE KEY-----", "[密钥 secret]"),
        ("属于Project-X1，蓝鲸计划", "属于[内部信息 confidential]，[内部信息 confidential]"),
    ],
)
def test_what_names_somebody_or_opens_something_is_taken_out(said: str, kept: str) -> None:
    assert MASK.text(said) == kept
    assert MASK.text(kept) == kept


@pytest.mark.parametrize(
    "said",
    [
        "升级到 V3.2.1.10 后正常，版本 3.2.1.10",
        "ORA-01017 0x80070005 HTTP 502 SQLSTATE[23000]",
        "订单 20260302123456789 金额 12.50 元",
        "2026-03-02 12:00:01.123 ERROR com.acme.Foo(Foo.java:12)",
        "std::vector a::b 12:30:45",
        "王总共三台，何时能好，总计 5 张",
        "Win11 导出 Excel 时闪退，C++ 与 .NET 4.8",
        "the token is invalid; wrong password",
        "the projector",
        "微信小程序登录失败，QQ邮箱收不到；cookie 过期，cookie: switched off",
        "the session id is missing",
        "我是新用户，我是高级用户，我是管理员",
        "Hi Team, hello there. Thanks\nIt works now, best practice",
        "联系方式(电话)，手机 2026-03-02 10:00 重启，电话会议 3 次",
        "token=expired; 验证码收不到；PIN is locked; 账号：无法登录",
        "GB29 is short, GB29NWBK60161331926818 has another remainder",
        "型号粤海A系列，苏州 B2B 订单",
    ],
)
def test_what_an_engineer_needs_stays(said: str) -> None:
    assert MASK.text(said) == said


@pytest.mark.parametrize(
    "piece",
    [
        "9f3a",
        "中",
        "1 ",
        "a@",
        "1.1.",
        "eyJaaaaaaaa.",
        "王",
        "::",
        "A ",
        "上海市",
        "+1",
        "://a:",
        "cookie:",
        "cookie:a=",
        "DE89 ",
        "谢谢 ",
        "Thanks\n",
        "Dear A",
        "电话 1",
        "token=",
        "微信：",
    ],
)
def test_a_hostile_text_is_read_through_to_its_end(piece: str) -> None:
    """Within the suite's time limit, which a pattern that is not linear would pass by far."""
    assert MASK.text(piece * (200_000 // len(piece)) + " 王敏").endswith("[姓名 name]")


def test_words_of_the_desk_are_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_KB_CONFIDENTIAL", "Project-*, 蓝鲸计划，")
    assert CaseSettings().confidential_words == ("Project-*", "蓝鲸计划")


@pytest.mark.parametrize(
    ("version", "kept"),
    [
        ("3.2.1.10", "3.2.1.10"),
        ("V2.0-beta", "V2.0-beta"),
        ("192.168.1.10", HOST),
        ("3.2 on 192.168.1.10", f"3.2 on {HOST}"),
    ],
)
def test_the_version_of_a_product_is_no_host(version: str, kept: str) -> None:
    problem = PROBLEM.model_copy(update={"product_version": version})
    assert masked(completed(problem=problem), ()).problem.product_version == kept
