"""What must not be copied out of a text into fields that many read: passwords, keys and tokens, and numbers and
addresses of persons."""

import re

HIDDEN = "…"
PATTERNS = (
    re.compile(
        r"(?<![A-Za-z])((?:password|passwd|pwd|passcode|secret|token|api[_ -]?key|access[_ -]?key"
        r"|authorization|密码|口令|密钥|令牌)[\"']?(?: is|是|为)?[ :=：]{1,3}[\"']?)(?:bearer "
        r"|basic )?[^\s\"',;，。；]{1,200}",
        re.IGNORECASE,
    ),
    re.compile(r"(?<![A-Za-z])(bearer )[\w.~+/=-]{8,800}", re.IGNORECASE),
    re.compile(r"(:\/\/[^\s:/@]{1,64}:)[^\s@/]{1,128}(?=@)"),
    re.compile(
        r"()(?<![\w-])(?:eyJ[\w-]{8,800}(?:\.[\w-]{0,800}){1,2}|(?:AKIA|LTAI|AKID)[A-Za-z0-9]{12,40}"
        r"|gh[pousr]_[A-Za-z0-9]{20,80}|sk-[\w-]{16,120})(?![\w-])"
    ),
    re.compile(r"()(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}"),
    re.compile(r"()(?<!\d)\d{17}[\dXx](?![\dA-Za-z])"),
    re.compile(r"()(?<!\d)(?:\d{4}[ -]){3}\d{1,7}(?!\d)"),
    re.compile(r"()(?<![\d.])(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"),
    re.compile(r"()(?<!\d)\d{13,19}(?!\d)"),
    re.compile(r"()(?<![\w+])\+\d{1,3}[ -]?(?:\d[ -]?){7,13}(?!\d)"),
)


def masked(text: str) -> str:
    for pattern in PATTERNS:
        text = pattern.sub(rf"\g<1>{HIDDEN}", text)
    return text
