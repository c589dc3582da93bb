"""The words of the process, once, in both languages (process P1 to P6)."""

import re
from enum import StrEnum
from typing import Annotated, NamedTuple, NewType, Self

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

TicketNumber = NewType("TicketNumber", str)


class Text(NamedTuple):
    """One sentence or label in both languages."""

    en: str
    zh: str

    def in_(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en

    def __str__(self) -> str:
        return self.en


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


class Channel(Term):
    ONLINE = "online", "online ticket system", "线上工单"
    HOTLINE = "hotline", "hotline", "客服热线"
    WECOM = "wecom", "WeCom", "企业微信"
    DINGTALK = "dingtalk", "DingTalk", "钉钉"
    EMAIL = "email", "e-mail", "电子邮件"


class Stage(Term):
    INTAKE = "intake", "intake", "受理"
    DIAGNOSIS = "diagnosis", "diagnosis", "诊断"
    HANDLING = "handling", "handling", "处理"
    CONSULTATION = "consultation", "consultation", "会诊"
    CUSTOMER_VERIFICATION = "customer_verification", "customer verification", "用户验证"
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


class WaitingFor(Term):
    NONE = "none", "nobody", "无"
    CUSTOMER_INFORMATION = "customer_information", "information from the customer", "等待客户补充信息"
    CUSTOMER_VERIFICATION = "customer_verification", "verification by the customer", "等待客户验证"
    THIRD_PARTY = "third_party", "a third party", "等待第三方"


class Category(Term):
    OPERATION = "operation", "operation", "操作类"
    ENVIRONMENT = "environment", "environment", "环境类"
    FUNCTION = "function", "function", "功能类"
    DATA = "data", "data", "数据类"


class Priority(Term):
    URGENT = "urgent", "urgent", "紧急"
    HIGH = "high", "high", "高"
    NORMAL = "normal", "normal", "普通"


class Satisfaction(Term):
    SATISFIED = "satisfied", "satisfied", "满意"
    NEUTRAL = "neutral", "neutral", "一般"
    DISSATISFIED = "dissatisfied", "dissatisfied", "不满意"


class ClockKind(Term):
    RESPONSE = "response", "response", "响应"
    RESOLUTION = "resolution", "resolution", "解决"
    DIAGNOSIS = "diagnosis", "diagnosis", "诊断"
    CONSULTATION = "consultation", "consultation", "会诊"
    CALL_BACK = "call_back", "call-back", "回访"


class Role(Term):
    REQUESTER = "requester", "requester", "提单人"
    COMPANY_VIEWER = "company_viewer", "company viewer", "企业查看者"
    AGENT = "agent", "agent", "客服"
    ENGINEER = "engineer", "engineer", "工程师"
    LEAD = "lead", "lead", "技术负责人"
    KB_EDITOR = "kb_editor", "knowledge editor", "知识库编辑"
    AUDITOR = "auditor", "auditor", "审计员"
    ADMIN = "admin", "administrator", "管理员"
    SERVICE = "service", "service", "服务"


# What can be mailed to: RFC 5321 without quoted names, comments and bare numbers, in ASCII (a Chinese domain as xn--…).
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL_ADDRESS = re.compile(rf"^{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_LABEL}$")
_LONGEST_EMAIL_ADDRESS = 254


def is_email_address(text: str) -> bool:
    return len(text) <= _LONGEST_EMAIL_ADDRESS and _EMAIL_ADDRESS.fullmatch(text) is not None


def _email_address_or_nothing(text: str) -> str:
    if text and not is_email_address(text):
        raise PydanticCustomError("email_address", "Input should be an e-mail address such as name@example.com")
    return text


# Bounds that every service uses for the same kind of input; lengths in characters.
Id = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[\w.:@-]+$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
OptionalLine = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
OptionalParagraph = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]
OptionalEmailAddress = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=_LONGEST_EMAIL_ADDRESS),
    AfterValidator(_email_address_or_nothing),
    Field(json_schema_extra={"pattern": f"^$|{_EMAIL_ADDRESS.pattern}"}),
]
