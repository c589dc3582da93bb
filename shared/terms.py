"""The words of the process, once, in both languages (process P1 to P6)."""

import re
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, NamedTuple, NewType, Self, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Strict,
    StringConstraints,
)
from pydantic_core import CoreSchema, PydanticCustomError, PydanticKnownError, core_schema

from shared.texts import EMAIL_ADDRESS, LONGEST_EMAIL_ADDRESS, is_email_address, on_one_line, without_controls

TicketNumber = NewType("TicketNumber", str)


class Text(NamedTuple):
    """One sentence or label in both languages."""

    en: str
    zh: str

    def in_(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en

    def __str__(self) -> str:
        return self.en


class InvalidValue(ValueError):
    """Raised by validators of our own: what is wrong with a value, in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.text = Text(en, zh)


class Term(StrEnum):
    """A word of the process: its value is what programs see, `label` what people read."""

    def __new__(cls, value: str, en: str, zh: str) -> "Term":
        member = str.__new__(cls, value)
        member._value_ = value
        member.__dict__["label"] = Text(en, zh)
        return member

    @classmethod
    def of(cls, value: str) -> Self:
        """The term with this value; raises ValueError."""
        for member in cls:
            if member.value == value:
                return member
        raise ValueError(f"{value!r} is no {cls.__name__}")

    @property
    def label(self) -> Text:
        label: Text = self.__dict__["label"]
        return label


class OpenTerm(Term):
    """A set that grows: a value that a newer version knows is taken as it is, with itself for a label. Compare with
    `==`, and let tables have an answer for what they do not name. What people send is checked by `Known`."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str) or not value:
            return None
        stranger = str.__new__(cls, value)
        stranger._name_ = stranger._value_ = value
        stranger.__dict__["label"] = Text(value, value)
        return stranger

    @classmethod
    def of(cls, value: str) -> Self:
        """The term with this value, known or not; raises ValueError for an empty one."""
        found = next((member for member in cls if member.value == value), None) or cls._missing_(value)
        if found is None:
            raise ValueError(f"{value!r} is no {cls.__name__}")
        return found

    @property
    def is_known(self) -> bool:
        return self._name_ in type(self).__members__

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "title": cls.__name__, "examples": [member.value for member in cls]}


class _Known:
    """Refuses what an open set does not name."""

    def __get_pydantic_core_schema__(self, source: type[OpenTerm], handler: GetCoreSchemaHandler) -> CoreSchema:
        def check(value: OpenTerm) -> OpenTerm:
            if not value.is_known:
                expected = ", ".join(repr(member.value) for member in source)
                raise PydanticCustomError("enum", "Input should be {expected}", {"expected": expected})
            return value

        return core_schema.no_info_after_validator_function(check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        named = handler.resolve_ref_schema(handler(schema))
        return {"type": "string", "title": named["title"], "enum": named["examples"]}


T = TypeVar("T", bound=OpenTerm)
Known = Annotated[T, _Known()]


class Channel(OpenTerm):
    ONLINE = "online", "online ticket system", "线上工单"
    HOTLINE = "hotline", "hotline", "客服热线"
    WECOM = "wecom", "WeCom", "企业微信"
    DINGTALK = "dingtalk", "DingTalk", "钉钉"
    FEISHU = "feishu", "Feishu", "飞书"
    EMAIL = "email", "e-mail", "电子邮件"


class Stage(OpenTerm):
    INTAKE = "intake", "intake", "受理"
    DIAGNOSIS = "diagnosis", "diagnosis", "诊断"
    HANDLING = "handling", "handling", "处理"
    CONSULTATION = "consultation", "consultation", "会诊"
    CUSTOMER_VERIFICATION = "customer_verification", "customer verification", "客户验证"
    FEEDBACK = "feedback", "feedback", "反馈"
    ARCHIVED = "archived", "archived", "归档"

    @property
    def status(self) -> "Status":
        if self in (Stage.INTAKE, Stage.DIAGNOSIS):
            return Status.PENDING
        return Status.COMPLETED if self is Stage.ARCHIVED else Status.IN_PROGRESS


class Status(Term):
    PENDING = "pending", "pending", "待处理"
    IN_PROGRESS = "in_progress", "in progress", "处理中"
    COMPLETED = "completed", "completed", "已完成"


class WaitingFor(OpenTerm):
    NONE = "none", "nobody", "无"
    CUSTOMER_INFORMATION = "customer_information", "information from the customer", "等待客户补充信息"
    CUSTOMER_VERIFICATION = "customer_verification", "verification by the customer", "等待客户验证"
    THIRD_PARTY = "third_party", "a third party", "等待第三方"


class Category(OpenTerm):
    OPERATION = "operation", "operation", "操作类"
    ENVIRONMENT = "environment", "environment", "环境类"
    FUNCTION = "function", "function", "功能类"
    DATA = "data", "data", "数据类"


class Priority(OpenTerm):
    URGENT = "urgent", "urgent", "紧急"
    HIGH = "high", "high", "高"
    NORMAL = "normal", "normal", "普通"


class Satisfaction(OpenTerm):
    SATISFIED = "satisfied", "satisfied", "满意"
    NEUTRAL = "neutral", "neutral", "一般"
    DISSATISFIED = "dissatisfied", "dissatisfied", "不满意"


class ClockKind(OpenTerm):
    RESPONSE = "response", "response", "响应"
    RESOLUTION = "resolution", "resolution", "解决"
    DIAGNOSIS = "diagnosis", "diagnosis", "诊断"
    CONSULTATION = "consultation", "consultation", "会诊"
    CALL_BACK = "call_back", "call-back", "回访"
    NEXT_RESPONSE = "next_response", "next response", "后续响应"
    SECOND_PLAN = "second_plan", "second plan", "二次服务计划"
    THIRD_PARTY = "third_party", "third party", "第三方处理"
    VERIFICATION_WAIT = "verification_wait", "verification wait", "客户验证等待"


class Outcome(OpenTerm):
    """How a ticket ended."""

    SOLVED = "solved", "solved", "已解决"
    CANCELLED = "cancelled", "cancelled by the customer", "客户取消"
    DUPLICATE = "duplicate", "duplicate", "重复工单"
    SPAM = "spam", "spam", "垃圾信息"
    WRONG_DESK = "wrong_desk", "not for this desk", "不属于受理范围"
    NO_ANSWER = "no_answer", "no answer from the customer", "客户未回复"


class Role(Term):
    REQUESTER = "requester", "requester", "提单人"
    COMPANY_VIEWER = "company_viewer", "company viewer", "企业只读成员"
    AGENT = "agent", "agent", "客服"
    ENGINEER = "engineer", "engineer", "工程师"
    LEAD = "lead", "lead", "技术负责人"
    KB_EDITOR = "kb_editor", "knowledge editor", "知识库编辑"
    AUDITOR = "auditor", "auditor", "审计员"
    ADMIN = "admin", "administrator", "管理员"
    SERVICE = "service", "service", "服务"


def _email_address_or_nothing(text: str) -> str:
    if text and not is_email_address(text):
        raise PydanticCustomError("email_address", "Input should be an e-mail address such as name@example.com")
    return text


EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


_WRITTEN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _written(kind: Literal["datetime_parsing", "date_parsing"]) -> BeforeValidator:
    """Not a number of seconds, which pydantic would take as well: nobody who sends one can tell that it was meant."""

    def check(value: object) -> object:
        if isinstance(value, int | float | bytes) or (isinstance(value, str) and not _WRITTEN_DAY.match(value)):
            raise PydanticKnownError(kind, {"error": "it does not begin with a date"})
        return value

    return BeforeValidator(check)


def _possible(moment: datetime) -> datetime:
    if not EARLIEST <= moment < LATEST:
        raise PydanticCustomError("moment", "Input should be a moment between the years 1970 and 2200")
    return moment.astimezone(UTC)


def _possible_day(day: date) -> date:
    if not EARLIEST.date() <= day < LATEST.date():
        raise PydanticCustomError("moment", "Input should be a day between the years 1970 and 2200")
    return day


# A moment with its offset, or a day, of a time that calendars and databases can reckon with.
Moment = Annotated[AwareDatetime, _written("datetime_parsing"), AfterValidator(_possible)]
Day = Annotated[date, _written("date_parsing"), AfterValidator(_possible_day)]

SUBJECT_LENGTH = 255
API_KEY = "api-key:"  # before the id of one, as the `sub` of a machine client
# One namespace holds people, roles, addresses, services, channels, links and keys: who signs in has no such prefix.
RESERVED = ("role:", "mailto:", "service:", "channel:", "link:", API_KEY)


def is_subject(text: str) -> bool:
    """Whether this can be the `sub` of somebody who signs in: printable, not too long, in nobody else's namespace."""
    return 0 < len(text) <= SUBJECT_LENGTH and text.isprintable() and not text.lower().startswith(RESERVED)


def _subject(text: str) -> str:
    if not is_subject(text):
        raise PydanticCustomError("subject", "Input should be the subject of a person")
    return text


# A person who signs in, as their provider calls them: `auth0|5f7c`, `7f0c3a…`, an address. Taken whole, compared whole.
Subject = Annotated[str, StringConstraints(min_length=1, max_length=SUBJECT_LENGTH), AfterValidator(_subject)]

# What a request says as JSON's own truth or number, never as a text or as one for the other.
YesOrNo = Annotated[bool, Strict()]
Whole = Annotated[int, Strict()]
Number = Annotated[float, Strict()]

# Bounds that every service uses for the same kind of input; lengths in characters, after control characters were left
# out (a line break in what is one line is a space).
Id = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[\w.:@-]+$")]
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), BeforeValidator(on_one_line)
]
Paragraph = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000), BeforeValidator(without_controls)
]
OptionalLine = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), BeforeValidator(on_one_line)]
OptionalParagraph = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=20_000), BeforeValidator(without_controls)
]
OptionalEmailAddress = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=LONGEST_EMAIL_ADDRESS),
    AfterValidator(_email_address_or_nothing),
    Field(json_schema_extra={"pattern": f"^$|{EMAIL_ADDRESS.pattern}"}),
]
