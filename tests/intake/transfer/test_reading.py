"""How tickets of other desks are read."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from services.intake.transfer.domain import ImportFormat
from services.intake.transfer.moments import moment
from services.intake.transfer.reading import read
from services.intake.transfer.rows import BadRow, ImportedTicket, dumped, loaded
from services.intake.transfer.tables import Tables
from shared.domain import Invalid
from shared.terms import Channel, Outcome, Priority
from tests.intake.transfer.samples import OSTICKET, QUEUE, ZAMMAD

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def tickets(format: ImportFormat, text: str = "", tables: Tables | None = None, *closed: str) -> list[ImportedTicket]:
    found = read(format, text, tables or {}, SHANGHAI, frozenset(closed))
    return [one for one in found if isinstance(one, ImportedTicket)]


def test_zammad() -> None:
    first, second, third = tickets(ImportFormat.ZAMMAD, tables=ZAMMAD)
    assert (first.external_id, first.number, first.title) == ("17", "22017", "导出报表失败")
    assert (first.contact_name, first.contact_email, first.contact_phone) == (
        "王敏",
        "wang@huadong.example",
        "138 0013 8000",
    )
    assert (first.company, first.priority, first.channel) == ("华东贸易有限公司", Priority.HIGH, Channel.EMAIL)
    assert (first.opened_at, first.closed_at) == (at(2021, 11, 3, 11, 51, 13), at(2021, 11, 5, 8))
    assert (first.description, first.files, first.is_open) == ("导出报表时程序崩溃。", 1, False)
    answer, note = first.messages
    assert (answer.by_staff, answer.internal, answer.author) == (True, False, "agent@desk.example")
    assert (answer.text.split(), note.internal) == (["请安装补丁", "V3.2.1"], True)
    assert (second.outcome, second.contact_name, second.is_open) == (Outcome.DUPLICATE, "Zoe Zhao", False)
    assert (third.is_open, third.assignee_name) == (True, "")
    assert not tickets(ImportFormat.ZAMMAD, "", ZAMMAD, "open")[2].is_open


def test_osticket_tables() -> None:
    found = read(ImportFormat.OSTICKET, "", OSTICKET, SHANGHAI, frozenset())
    first, second, third = found
    assert isinstance(first, ImportedTicket)
    assert isinstance(second, ImportedTicket)
    assert (first.external_id, first.number, first.title) == ("5", "472911", "打印机脱机")
    assert (first.description, first.priority, first.channel) == ("打印机脱机", Priority.URGENT, Channel.EMAIL)
    assert (first.contact_name, first.contact_email, first.company) == ("Ann Lee", "ann@south.example", "South Ltd")
    assert (first.opened_at, first.closed_at) == (at(2019, 12, 31, 23), at(2020, 3, 5, 1, 30))
    assert [(one.by_staff, one.internal, one.text) for one in first.messages] == [
        (True, False, "Please restart it"),
        (True, True, "cable"),
    ]
    assert (first.state, first.assignee_name, first.files) == ("Closed", "Bob Ray", 1)
    assert (second.state, second.is_open) == ("Open", True)
    assert third == BadRow(external_id="7", en="Not valid: opened_at", zh="内容无效：opened_at")


def test_sheet_of_a_queue() -> None:
    [found] = tickets(ImportFormat.OSTICKET, QUEUE)
    assert (found.external_id, found.title, found.state, found.is_open) == ("300001", "Cannot print", "Closed", False)
    assert (found.opened_at, found.closed_at) == (at(2021, 11, 3, 15, 51), at(2021, 11, 4, 1))
    assert (found.priority, found.channel, found.files) == (Priority.HIGH, Channel.HOTLINE, 2)


@pytest.mark.parametrize(
    "names", ["工单编号,标题,状态,提交时间", "Ticket;Title;Status;Opened", "id,title,state,opened_at"]
)
def test_own_sheets(names: str) -> None:
    line = ["9", "'=导出失败", "completed", "2024-05-06T09:00:00+08:00"]
    text = f"\ufeff{names}\n{(';' if ';' in names else ',').join(line)}\n"
    [found] = tickets(ImportFormat.CSV, text)
    assert (found.title, found.is_open, found.opened_at) == ("=导出失败", False, at(2024, 5, 6, 1))


def test_lines_say_what_is_wrong_and_nothing_of_what_they_say() -> None:
    good = '{"external_id": "1", "opened_at": "2024-05-06T09:00:00Z", "title": "x"}'
    secret = '{"external_id": "2", "opened_at": "p4ssw0rd", "surname": "王"}'
    found = read(ImportFormat.JSONL, f"{good}\nnothing\n[]\n{secret}\n", {}, SHANGHAI, frozenset())
    assert isinstance(found[0], ImportedTicket)
    bad = [one for one in found if isinstance(one, BadRow)]
    assert [one.external_id for one in bad] == ["", "", "2"]
    assert "opened_at" in bad[2].en
    assert "surname" in bad[2].en
    assert "p4ssw0rd" not in f"{bad}"
    assert [loaded(dumped(one)) for one in found] == found


@pytest.mark.parametrize(
    ("format", "text", "tables"),
    [
        (ImportFormat.CSV, "", {}),
        (ImportFormat.CSV, "", {"tickets": [{}]}),
        (ImportFormat.CSV, "title\nx\n", {}),
        (ImportFormat.CSV, 'id,opened_at\n"1,2\n', {}),
        (ImportFormat.CSV, "id,opened_at\n" + "1,2024-05-06\n" * 501, {}),
        (ImportFormat.JSONL, "{}\n" * 501, {}),
        (ImportFormat.ZAMMAD, "x", {}),
        (ImportFormat.ZAMMAD, "", {"ost_ticket": [{}]}),
        (ImportFormat.ZAMMAD, "", {"tickets": []}),
        (ImportFormat.ZAMMAD, "", {"tickets": [{}] * 501}),
        (ImportFormat.OSTICKET, "", {"ost_api_key": [{}]}),
    ],
)
def test_what_is_no_part_is_refused(format: ImportFormat, text: str, tables: Tables) -> None:
    with pytest.raises(Invalid):
        read(format, text, tables, SHANGHAI, frozenset())


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2021-11-03T11:51:13.759Z", at(2021, 11, 3, 11, 51, 13)),
        ("2021-11-03T11:51:13+0800", at(2021, 11, 3, 3, 51, 13)),
        ("2021-11-03 11:51:13", at(2021, 11, 3, 3, 51, 13)),
        ("2021/1/3 9:05", at(2021, 1, 3, 1, 5)),
        ("2021-11-03", at(2021, 11, 2, 16)),
        ("1/2/21, 12:05 AM", at(2021, 1, 1, 16, 5)),
        ("", None),
        (None, None),
        ("0000-00-00 00:00:00", None),
    ],
)
def test_moments(written: object, expected: datetime | None) -> None:
    assert moment(written, SHANGHAI) == expected


@pytest.mark.parametrize("written", ["yesterday", "2021-13-01", "13/13/21 1:00 PM", "2021-11-03T11:51:13+99:00", "5"])
def test_what_is_no_moment_is_refused(written: str) -> None:
    with pytest.raises(Invalid):
        moment(written, SHANGHAI)
