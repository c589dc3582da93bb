"""Operating systems, browsers and databases, as they are written (P1.2)."""

import re
from collections.abc import Iterator, Sequence

from shared.reading.clauses import Clause
from shared.reading.malfunction import states_fault

NUMBER = r"(?: ?[vV]?\d{1,4}(?:\.\d{1,5}){0,3}(?![\d%]))?"
BEFORE, AFTER = "(?<![A-Za-z0-9])", "(?![A-Za-z])"
PATTERNS = (
    re.compile(
        rf"{BEFORE}(?:(?:Microsoft )?Windows(?: ?Server)?(?: ?(?:20\d\d(?: R2)?|1[01]|[78](?:\.1)?|XP|Vista"
        rf"|NT)(?: ?2\dH[12])?(?![\d.]))?{AFTER}"
        rf"|(?:[wW]indows|WINDOWS|[wW]in|WIN) ?(?:[sS]erver ?)?(?:20\d\d(?: R2)?|1[01]|[78](?:\.1)?|XP"
        rf"|xp)(?: ?2\dH[12])?(?![\dA-Za-z])|windows(?=系统|电脑|客户端|上|下|端))"
    ),
    re.compile(
        rf"{BEFORE}(?:mac ?os(?: x)?(?: (?:sonoma|ventura|monterey|sequoia|big sur|catalina|tahoe))?|os x"
        rf"|i(?:pad)?os|android|harmonyos|chrome ?os){NUMBER}{AFTER}|安卓{NUMBER}|鸿蒙(?:OS|系统)?{NUMBER}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"{BEFORE}(?:ubuntu(?: server)?|debian|centos|red ?hat(?: enterprise linux)?|rhel|rocky linux"
        rf"|almalinux|fedora|opensuse|suse|sles|arch linux|linux mint|oracle linux|amazon linux|openeuler"
        rf"|deepin|uos|kylin|freebsd|solaris|linux){NUMBER}{AFTER}"
        rf"|(?:银河|中标)?麒麟(?:操作系统)?{NUMBER}|统信(?: ?UOS)?(?:操作系统)?{NUMBER}|欧拉系统|龙蜥",
        re.IGNORECASE,
    ),
    re.compile(
        rf"{BEFORE}(?:(?:google )?chrome|(?:mozilla )?firefox|(?:microsoft )?edge(?! ?(?:case|comput"
        rf"|gateway|node|server|device|router|switch|of|to))|safari|chromium"
        rf"|internet explorer){NUMBER}{AFTER}"
        rf"|(?:谷歌|火狐|360(?:安全|极速)?|QQ|搜狗|UC|夸克|IE) ?浏览器{NUMBER}",
        re.IGNORECASE,
    ),
    re.compile(rf"{BEFORE}IE ?(?:[6-9]|1[01])?(?![A-Za-z0-9])"),
    re.compile(
        rf"{BEFORE}(?:mysql|postgres(?:ql)?|sql server|oracle(?: database)?|mariadb|mongodb|redis|db2"
        rf"|oceanbase|tidb) ?[vV]?\d{{1,4}}(?:\.\d{{1,5}}){{0,3}}[cgi]?{AFTER}|达梦(?:数据库)?{NUMBER}"
        rf"|(?:人大)?金仓(?:数据库)?{NUMBER}",
        re.IGNORECASE,
    ),
)
CAPITAL = re.compile(r"[A-Z]")
COMPATIBLE = re.compile(
    r"支持|兼容|适配|安装|能装|直接装|换|迁|升级|买|采购|(?<![A-Za-z])(?:support|compatib|install"
    r"|migrat|upgrad|switch|roll ?out|buy|purchas|plan|requirement|enough)",
    re.IGNORECASE,
)
WORKS = re.compile(
    r"正常|没问题|没有问题|没事|好的|可以|能用|能开|都行|不受影响|(?<![A-Za-z])(?:ok|okay|fine|works?"
    r"|working|normal|good|unaffected|no trouble|no problem|no such|not affected)(?![A-Za-z])",
    re.IGNORECASE,
)
WORKS_AS_SAID = re.compile(
    r" {0,3}(?:(?:they|it|all|everything|that|those)(?:'re|'s| are| is)?|都|一切|全都?|也|就|完全"
    r"|倒是?)? ?(?:正常|没问题|没有问题|没事|好的|可以|能用|行|ok|okay|fine|works?|good)",
    re.IGNORECASE,
)
WORKS_NOT = re.compile(
    r"不正常|不可以|[^\w]?(?<![A-Za-z])(?:not|n't|no longer|never|doesn't|won't"
    r"|wont) (?:\w{1,12} )?(?:ok|fine|work|working|normal|good)|不",
    re.IGNORECASE,
)


def environment_of(clauses: Sequence[Clause], original: str, is_malfunction: bool) -> str:
    """Each that the problem is said to be in, as it is written in `original`; empty if there is none."""
    if not is_malfunction and any(COMPATIBLE.search(clause.text) for clause in clauses):
        return ""
    whole = "\n".join(clause.text for clause in clauses)
    if not any(pattern.search(whole) for pattern in PATTERNS):
        return ""
    places: list[tuple[int, int]] = []
    for at, clause in enumerate(clauses):
        if not clause.holds or clause.over:
            continue
        following = clauses[at + 1] if at + 1 < len(clauses) else None
        if works(clause.text) or (
            following
            and following.sentence == clause.sentence
            and WORKS_AS_SAID.match(following.text)
            and not states_fault(clause)
        ):
            continue
        places += [(clause.start + begin, clause.start + end) for begin, end in _mentions(clause.text)]
    return _joined(sorted(places), original)


def works(text: str) -> bool:
    return bool(WORKS.search(text)) and not WORKS_NOT.search(text)


def _mentions(text: str) -> Iterator[tuple[int, int]]:
    for pattern in PATTERNS:
        for found in pattern.finditer(text):
            if found[0].lower().startswith("edge") and not CAPITAL.match(found[0]):
                continue
            yield found.span()


def _joined(places: Sequence[tuple[int, int]], original: str) -> str:
    told: list[str] = []
    last = -1
    for begin, end in places:
        text = original[begin:end].strip()
        if begin < last or any(text.lower() in known.lower() for known in told):
            continue
        if told and any(known.lower() in text.lower() for known in told):
            told = [known for known in told if known.lower() not in text.lower()]
        told.append(text)
        last = end
    return ", ".join(told[:4])
