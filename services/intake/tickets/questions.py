"""Guided questions (P1.3): what a description leaves open, and what it says already between the lines."""

import re

from services.intake.information.domain import extract
from shared.events import Problem, Question

QUESTIONS: dict[str, Question] = {
    "error_text": Question(
        field="error_text",
        en="What is the full text of the error message, or the error code? A log or a screenshot helps too.",
        zh="请提供完整的报错信息或错误代码，也可以上传日志或截图。",
    ),
    "module": Question(
        field="module",
        en="In which module or on which page does it happen?",
        zh="问题出现在哪个功能模块或页面？",
    ),
    "product_version": Question(
        field="product_version",
        en="Which version of the product do you use? (Help → About shows it)",
        zh="您使用的产品版本是多少？（可在“帮助 → 关于”中查看）",
    ),
    "steps": Question(
        field="steps",
        en="What did you do, step by step, before it happened? Does it happen every time?",
        zh="出现问题前的操作步骤是什么？是否每次都会出现？",
    ),
    "environment": Question(
        field="environment",
        en="Which operating system do you use, and which other programs were running at that time?",
        zh="您的操作系统是什么？当时还有哪些程序在运行？",
    ),
}

ERROR = re.compile(
    r"(?:Exception|Error|Fault)\b\s*+[:：(]|错误代码|错误码|报错(?:信息|内容)?[:：]|error code|0x[0-9a-fA-F]{4,}"
    r"|ORA-\d{4,5}|HTTP\s?[45]\d\d|Traceback",
    re.IGNORECASE,
)
STEPS = re.compile(
    r"步骤|依次|先.{1,40}(?:再|然后)|(?:^|\n)[^\S\n]*+(?:1[.、)]|①)|steps? to|first.{1,60}then",
    re.IGNORECASE | re.DOTALL,
)
ASKED_FOR = {
    True: ("error_text", "module", "product_version", "steps", "environment"),
    False: ("module", "product_version"),
}


FOUND = ("product_version", "environment", "error_text", "users_affected")


def infer_facts(problem: Problem) -> Problem:
    """Facts that the title or description names already, so that nobody is asked what they have said; what was given is
    left as it is. Secrets and numbers of persons are masked."""
    information = extract(problem.title, problem.description)
    found = {name: getattr(information, name) for name in FOUND if getattr(problem, name) in ("", None)}
    return problem.model_copy(update={name: value for name, value in found.items() if value})


def fingerprints_in(problem: Problem) -> list[str]:
    return sorted(extract(problem.title, problem.description).fingerprints)


def found_in(problem: Problem, given: Problem) -> list[str]:
    """The names of the fields in which they differ."""
    return [name for name, value in problem if value != getattr(given, name)]


def missing_fields(problem: Problem) -> list[str]:
    """The fields that have to be asked for, most telling first. A mere question is asked less than a malfunction."""
    text = f"{problem.title}\n{problem.description}"
    known = {
        "error_text": bool(problem.error_text or ERROR.search(text)),
        "module": bool(problem.module),
        "product_version": bool(problem.product_version),
        "steps": bool(problem.steps or STEPS.search(text)),
        "environment": bool(problem.environment),
    }
    return [name for name in ASKED_FOR[extract(problem.title, problem.description).malfunction] if not known[name]]


def questions_for(fields: list[str]) -> list[Question]:
    return [QUESTIONS[name] for name in fields]
