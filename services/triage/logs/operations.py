"""Who did what, when: lines in which a program writes down what people click (P3.2)."""

import re

from shared.events import LogOperation
from shared.secrets import masked

LONGEST_NAME, LONGEST_DEED = 40, 160  # characters
VERBS = (
    r"点击|单击|双击|打开|提交|选择|登录|退出|上传|下载|导出|导入|保存|删除|输入"
    r"|(?<![A-Za-z])(?:click|tap|press|submit|select|open|log(?:ged)? ?in|log(?:ged)? ?out|upload|download|export"
    r"|import|save|delete)(?:s|ed|ted|d)?(?![A-Za-z])"
)
DEED = re.compile(VERBS, re.IGNORECASE)
WHO = re.compile(
    r"(?:(?<![A-Za-z])(?:user(?:name|_?id)?|operator|account)|用户名?|操作员|操作人)[\"']?(?: ?[=:：] ?| )?[\"']?"
    r"([^\W_][\w.@\-]{0,39}?)(?=[\s\"',;，、。)\]】}|]|\Z|点击|单击|双击|打开|提交|选择|登录|退出|上传|下载|导出|导入|保存|删除|输入)",
    re.IGNORECASE,
)


def is_operation(line: str) -> bool:
    """Whether it may be one: a look that costs little."""
    return bool(DEED.search(line) and WHO.search(line))


def operation_of(line: str, at: str) -> LogOperation | None:
    deed = DEED.search(line)
    who = WHO.search(line) if deed else None
    if not deed or not who or DEED.fullmatch(who[1]):
        return None
    start = deed.start() if deed.start() >= who.end() or deed.end() <= who.start() else who.end()
    return LogOperation(at=at, who=masked(who[1])[:LONGEST_NAME], did=masked(line[start:]).strip()[:LONGEST_DEED])
