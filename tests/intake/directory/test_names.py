"""Names and domains, as they are compared."""

import pytest

from services.intake.directory.companies import domains_of, label_of
from services.intake.directory.names import ALIKE, core, likeness, normal


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("华东贸易有限公司", "华东贸易有限责任公司", True),
        ("华东贸易（上海）有限公司", "华东贸易(上海)有限公司", True),
        ("Ｈｕａｄｏｎｇ  Co., Ltd.", "huadong co ltd", True),
        ("Huadong Company Limited", "HUADONG CO.,LTD", True),
        ("华东贸易", "华东贸易有限公司", False),
        ("华东贸易有限公司", "华东商贸有限公司", False),
        ("Acme Inc.", "Acme Incorporated", True),
        ("Acme Inc.", "Acme Ltd.", False),
        ("!!!", "???", False),
    ],
)
def test_one_name_in_two_spellings(one: str, other: str, same: bool) -> None:
    assert (normal(one) == normal(other)) is same


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("上海市华东贸易有限公司", "华东贸易"),
        ("浙江省华东贸易股份有限公司", "华东贸易"),
        ("华东贸易", "华东贸易"),
        ("Huadong Co., Ltd.", "huadong"),
        ("北京有限公司", "北京"),
        ("A", "a"),
    ],
)
def test_what_tells_a_company_from_others(name: str, found: str) -> None:
    assert core(name) == found


def test_likeness_goes_by_pairs_of_letters() -> None:
    assert likeness("华东贸易科技", "华东贸易") >= ALIKE > likeness("华东贸易", "华北商贸")
    assert likeness("a", "a") == 1
    assert likeness("a", "b") == likeness("", "ab") == 0


def test_domains_of_an_address_are_its_own_and_those_above() -> None:
    assert domains_of("a@mail.sh.huadong.com.cn") == ["mail.sh.huadong.com.cn", "sh.huadong.com.cn", "huadong.com.cn"]
    assert domains_of("li@vip.qq.com") == domains_of("li@gmail.com") == domains_of("") == []
    assert domains_of("a@" + "x." * 200 + "example") != []
    assert (label_of("mail.huadong.com.cn"), label_of("huadong.example"), label_of("example")) == (
        "huadong",
        "huadong",
        "",
    )
