"""Error codes and names of exceptions, as they are written (P1.2): `ORA-01653`, `HTTP 503`, `0x80004005`."""

import re
from collections.abc import Iterator, Sequence

from shared.reading.clauses import Clause

WORD = r"(?<![A-Za-z0-9_.$\-])"
END = r"(?![A-Za-z0-9_])"
EXCEPTION = re.compile(
    rf"{WORD}(?:[A-Za-z_][A-Za-z0-9_$]{{0,60}}\.){{0,8}}[A-Z][A-Za-z0-9_$]{{0,80}}(?:Exception|Error"
    rf"|Fault|Failure)(?:\([^()\n]{{0,12}}\))?{END}"
)
HEXADECIMAL = re.compile(rf"{WORD}0x[0-9a-fA-F]{{4,16}}{END}")
HTTP = re.compile(r"(?<![A-Za-z0-9_.])HTTP(?: status)?(?: code)?[ /]?[45]\d\d(?!\d)", re.IGNORECASE)
SIGNAL = re.compile(
    rf"{WORD}(?:SIG(?:SEGV|ABRT|KILL|BUS|ILL|FPE|TERM)|E(?:CONNREFUSED|CONNRESET|CONNABORTED|TIMEDOUT"
    rf"|HOSTUNREACH|NETUNREACH|ADDRINUSE|NOENT|ACCES|PERM|PIPE|NOTFOUND|NOSPC|MFILE)){END}"
)
STATUS = re.compile(
    r"(?<![A-Za-z0-9_.\-/:¥$€£#])[45]\d\d(?= ?(?:错误|报错|error|Bad Gateway|Not Found|Internal"
    r"|Forbidden|Unauthor|Service Unavailable|Gateway|Too Many|on (?:the|every|all|login|each)"
    r"|for every|from)(?![A-Za-z])|(?=[,。! ]|$))",
    re.IGNORECASE,
)
CONSTANT = re.compile(rf"{WORD}[A-Z][A-Z0-9]{{0,20}}(?:[_\-][A-Z0-9]{{1,24}}){{1,8}}{END}")
SHORT = re.compile(rf"{WORD}[A-Z]{{1,5}}\d{{3,8}}{END}")
NAMED = re.compile(
    r"(?:错误代?码|错误号|报错代?码|故障码|error ?code|err(?:or)? ?no\.?|错误|报错|code|代码"
    r"|error)(?:是|为|:|=|#| ){1,3}([A-Za-z]{0,8}-?\d{1,10})(?![A-Za-z0-9_.%])",
    re.IGNORECASE,
)
COUNTED = re.compile(
    r"(?:第|(?<![A-Za-z])(?:rows?|lines?|page|step|records?|item|order|no\.?|all|every|over|about)) ?$", re.IGNORECASE
)
TOLD = re.compile(
    r"报|提示|弹|返回|显示|错|失败|异常|代码|error|fail|with|says?|gets?|got|code|reason|answers?"
    r"|stops?|returns?|throws?|message|原因|是|都|日志|drops?",
    re.IGNORECASE,
)
ERROR_PREFIX = re.compile(
    r"(?:E|ERR|ERROR|ORA|SQL|SYS|AUTH|SSL|NET|DB|PG|MY|FATAL|SIG|REJ|EXC|WIN|DNS|TLS|JS|API|APP|CE|MQ"
    r"|FS|IO|HY|NS|WS|PRN|LIC|PAY|TIMEOUT|INVALID|UNABLE|CONNECTION|ACCESS|STATUS)[A-Z]{0,12}[_\-]"
)
NO_CODE = re.compile(
    r"(?:UTF|ISO|GBK|GB|TLS|SSL|SHA|MD|RFC|COVID|USB|RS|CAT|PM|CVE|KB|PO|SO|SKU|INV|GLIBC|GLIBCXX"
    r"|CXXABI|WPA|AES|RSA|RAID|DDR|HDMI|IPV|UTC|GMT|CN|US|EN|ZH|PT|P|Q|VAT|Windows|Win)[_\-]?\d",
    re.IGNORECASE,
)


def codes(text: str) -> Iterator[str]:
    """The most telling first."""
    for pattern in (EXCEPTION, HEXADECIMAL, CONSTANT, SIGNAL, HTTP):
        for found in pattern.finditer(text):
            if pattern is not CONSTANT or _is_code(found[0], text):
                yield found[0]
    for found in NAMED.finditer(text):
        yield found[1]
    for found in SHORT.finditer(text):
        if TOLD.search(text[max(0, found.start() - 16) : found.start()]) and not NO_CODE.match(found[0]):
            yield found[0]


def has_code(text: str) -> bool:
    return bool(
        EXCEPTION.search(text)
        or HEXADECIMAL.search(text)
        or any(_is_code(one[0], text) for one in CONSTANT.finditer(text))
    )


def error_of(clauses: Sequence[Clause]) -> str:
    """The first that is told of how things are, a mere `404` only if there is no other; empty if there is none."""
    telling = [clause for clause in clauses if clause.holds and not clause.over]
    for clause in telling:
        if found := next(codes(clause.text), None):
            return found
    return next(
        (
            one[0]
            for clause in telling
            if TOLD.search(clause.text)
            for one in STATUS.finditer(clause.text)
            if not COUNTED.search(clause.text[max(0, one.start() - 8) : one.start()])
        ),
        "",
    )


def _is_code(word: str, text: str) -> bool:
    if NO_CODE.match(word):
        return False
    if ERROR_PREFIX.match(word):
        return True
    return "_" in word or (any(one.isdigit() for one in word) and bool(TOLD.search(text)))
