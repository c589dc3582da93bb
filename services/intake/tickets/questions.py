"""Guided questions (P1.3): what a description leaves open, and what it says already between the lines."""

import re

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

VERSION = re.compile(r"(?<![\w.])[vV]?(\d{1,3}(?:\.\d{1,4}){1,3})(?![\w.])")
# Chinese stands right beside it: 导出失败V3.2，V3.2在Win11上崩溃.
NAMED_VERSION = re.compile(r"(?<![A-Za-z0-9_.])[vV](\d{1,3}(?:\.\d{1,4}){0,3})(?![A-Za-z0-9_]|\.\d)")
SYSTEM = re.compile(
    r"(?<![a-z])(?:windows|win)\s?(?:server\s?)?(?:\d{4}|1[01]|[78](?:\.1)?|xp)|mac\s?os(?:\s?\d{1,4})?"
    r"|ubuntu(?:\s?\d{1,4}(?:\.\d{1,4}){0,2})?|debian(?:\s?\d{1,4})?|centos(?:\s?\d)?|linux|android(?:\s?\d{1,4})?|ios(?:\s?\d{1,4})?"
    r"|麒麟|统信|鸿蒙",
    re.IGNORECASE,
)
ERROR = re.compile(
    r"(?:Exception|Error|Fault)\b\s*+[:：(]|错误代码|错误码|报错(?:信息|内容)?[:：]|error code|0x[0-9a-fA-F]{4,}"
    r"|ORA-\d{4,5}|HTTP\s?[45]\d\d|Traceback",
    re.IGNORECASE,
)
STEPS = re.compile(
    r"步骤|依次|先.{1,40}(?:再|然后)|(?:^|\n)[^\S\n]*+(?:1[.、)]|①)|steps? to|first.{1,60}then",
    re.IGNORECASE | re.DOTALL,
)
MALFUNCTION = re.compile(
    r"崩溃|闪退|报错|错误|失败|无法|不能|异常|卡死|卡住|死机|丢失|打不开|没反应|白屏|蓝屏|不同步"
    r"|crash|error|fail|can(?:no|')t|cannot|unable|broken|freez|hang|lost|not work|doesn't work|exception",
    re.IGNORECASE,
)
ASKED_FOR = {
    True: ("error_text", "module", "product_version", "steps", "environment"),
    False: ("module", "product_version"),
}


def infer_facts(problem: Problem) -> Problem:
    """Facts that the title or description names already, so that nobody is asked what they have said."""
    text = f"{problem.title}\n{problem.description}"
    found: dict[str, str] = {}
    if not problem.product_version and (version := NAMED_VERSION.search(text) or VERSION.search(text)):
        found["product_version"] = f"V{version[1]}"
    if not problem.environment and (system := SYSTEM.search(text)):
        found["environment"] = system[0]
    return problem.model_copy(update=found)


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
    return [name for name in ASKED_FOR[bool(MALFUNCTION.search(text))] if not known[name]]


def questions_for(fields: list[str]) -> list[Question]:
    return [QUESTIONS[name] for name in fields]
