"""The version of the product that a problem is said to be in (P1.2), as `V3.2.1`."""

import re
from collections.abc import Iterator, Sequence

from shared.reading.clauses import Clause
from shared.reading.environment import works

NAMED = re.compile(
    r"(?<![A-Za-z0-9_./])(?:v|(?:version|ver\.?|release|build|版本号?|系统版本)(?:是|为|:"
    r"| ){0,3}v? ?) ?(\d{1,3}(?:\.\d{1,4}){0,3})(?![A-Za-z0-9_]|\.\d)",
    re.IGNORECASE,
)
THREE = re.compile(r"(?<![A-Za-z0-9_.:/-])(\d{1,2}\.\d{1,3}\.\d{1,4})(?![A-Za-z0-9_%]|\.\d|[-/]\d)")
BEFORE_NOUN = re.compile(
    r"(?<![A-Za-z])(?:the|your|our|new) ([1-9]\d?\.\d{1,3})(?= (?:[a-z]{2,14} )?(?:release|version"
    r"|update|client|app|screen|server|build|upgrade|dialog|page|module|installer"
    r"|plug-?in)(?![A-Za-z]))",
    re.IGNORECASE,
)
TWO = re.compile(
    r"(?:(?<![A-Za-z])(?:in|on|since|under|running|using|after|upgraded to|updated to|update to"
    r"|upgrade to|moved to|we use|we run|we're on|app|client|plug-?in|server|agent|console|客户端|系统"
    r"|软件|插件|服务端|版|升级到|升级至|更新到|升到|用的是?|装的是?|当前) ?|^[ (]{0,3})"
    r"([1-9]\d?\.\d{1,3})(?![\d%:]|\.\d| ?(?:%|gb|mb|kb|tb|g|m|k|kg|mm|cm|km|ms|s|x|h|am|pm|sec"
    r"|seconds?|min|minutes?|hours?|days?|weeks?|months?|years?|million|billion|thousand|percent|per"
    r"|times|stars?|points?|euros?|dollars?|pounds?|inch(?:es)?)(?![A-Za-z])"
    r"| ?[元块万亿千百吨米公斤折倍分秒小时天度寸号月点个条级人台家号层]|[A-Za-z])",
    re.IGNORECASE,
)
OTHERS = re.compile(
    r"(?:windows|win|android|安卓|ios|mac ?os|chrome|firefox|edge|safari|ie|java|jdk|jre|python"
    r"|node(?:\.js)?|mysql|postgres(?:ql)?|oracle|sql server|mongodb|redis|\.net(?: framework| core)?"
    r"|framework|tls|ssl|http|usb|pdf|excel|office"
    r"|word|wps|bluetooth|wi-?fi|php|ubuntu|debian|centos|linux|kernel|内核|nginx|tomcat"
    r"|spring(?: boot)?|openssl|docker|kubernetes|微信|钉钉|固件|firmware|drivers?|驱动|api|c\+\+|c#"
    r"|go|ruby|hdmi|pcie|glibc|vcredist|electron|qt)"
    r"[ (]{0,2}(?:version|版本|v)?[ :]{0,2}$",
    re.IGNORECASE,
)
TO = re.compile(r"(?:到|至|to|->|→) ?(?:版本|version)? ?v?$", re.IGNORECASE)
UNTOLD = re.compile(
    r"支持|升级|发布|什么时候|何时|出来|上线|(?<![A-Za-z])(?:support|upgrad|releas|when|available|come out|roadmap)",
    re.IGNORECASE,
)
DENIED_BEFORE = re.compile(
    r"(?:不是|并非|而非|而不是|(?<![A-Za-z])(?:not|rather than|instead of)(?: on| in| with)?) {0,2}$", re.IGNORECASE
)
NO_YEAR = re.compile(r"\d{1,2}\.\d{1,2}\.(?:19|20)\d\d")


def version_of(clauses: Sequence[Clause]) -> str:
    """Empty if none is named. That of a question about using it counts if none is told otherwise."""
    asked = ""
    for clause in clauses:
        found = [
            (at, number)
            for at, number in _numbers(clause.bare)
            if not DENIED_BEFORE.search(clause.bare[:at].rstrip("vV"))
        ]
        if not found or clause.over or clause.planned or clause.imagined or works(clause.bare):
            continue
        number = next((one for at, one in found if TO.search(clause.bare[max(0, at - 12) : at])), found[0][1])
        if clause.holds:
            return f"V{number}"
        if clause.asked and not asked and not UNTOLD.search(clause.bare):
            asked = f"V{number}"
    return asked


def _numbers(text: str) -> Iterator[tuple[int, str]]:
    """Where each begins, and the number; those with a word for it first."""
    seen: set[int] = set()
    for pattern in (NAMED, THREE, BEFORE_NOUN, TWO):
        for found in pattern.finditer(text):
            begin = found.start(1)
            if (
                begin in seen
                or NO_YEAR.fullmatch(found[1])
                or OTHERS.search(text[max(0, found.start() - 24) : found.start()])
            ):
                continue
            if pattern is not NAMED and OTHERS.search(text[max(0, begin - 24) : begin]):
                continue
            seen.add(begin)
            yield begin, found[1]
