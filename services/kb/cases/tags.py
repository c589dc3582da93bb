"""Keyword tags of a case (P5.4): "Win11", "Excel导出", "V3.2". In the case's own language, at most eight."""

import re

from services.kb.cases.personal import is_private_address
from shared.events import Problem
from shared.texts import plain

MAX_TAGS = 8
MAX_TEXT = 4000
MAX_TAG = 40
MAX_VERSION = 200  # of a version

_ALONE = r"(?<![A-Za-z0-9]){}(?![A-Za-z0-9])"
_VERSION = re.compile(r"(?<![A-Za-z0-9.])[vV](\d{1,9}(?:\.\d{1,9}){0,3})(?![\w.]{0,40}\d)")
_BARE_VERSION = re.compile(r"(?<!\d)(\d+(?:\.\d+)+)")
_EXCEPTION = re.compile(r"(?<![A-Za-z0-9])[A-Z][A-Za-z0-9]+(?:Exception|Error)(?![A-Za-z0-9])")
_CODE = re.compile(_ALONE.format(r"(?:ORA-\d{4,5}|0x[0-9A-Fa-f]{6,8}|SQLSTATE\[?\w{5}\]?)"))
_AMOUNT = re.compile(r"[¥￥$€£]\s?\d|\d\s?(?:[元块%]|万元|美元|人民币|RMB|CNY|USD|EUR|yuan|dollars?)", re.I)
_CJK = re.compile(r"[\u3400-\u9fff]")

_ENVIRONMENTS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(_ALONE.format(pattern), re.I), tag)
    for pattern, tag in (
        (r"win(?:dows)?\s*+(?:-\s*+)?(7|8\.1|8|10|11|xp)", r"Win\1"),
        (r"windows\s*server\s*(20\d\d)", r"Windows Server \1"),
        (r"mac\s?os(?:\s*x)?", "macOS"),
        (r"ubuntu", "Ubuntu"),
        (r"centos", "CentOS"),
        (r"linux", "Linux"),
        (r"android", "Android"),
        (r"ios|iphone|ipad", "iOS"),
        (r"chrome", "Chrome"),
        (r"edge", "Edge"),
        (r"firefox", "Firefox"),
        (r"safari", "Safari"),
        (r"ie\s*(\d+)", r"IE\1"),
        (r"office\s*(365|20\d\d)", r"Office \1"),
        (r"wps", "WPS"),
        (r"mysql", "MySQL"),
        (r"oracle", "Oracle"),
        (r"sql\s?server", "SQL Server"),
        (r"postgres(?:ql)?", "PostgreSQL"),
        (r"mongodb", "MongoDB"),
        (r"redis", "Redis"),
        (r"nginx", "Nginx"),
        (r"tomcat", "Tomcat"),
        (r"docker", "Docker"),
        (r"(?:java|jdk)\s*(\d+)", r"Java \1"),
    )
)
_CHINESE_SYSTEMS = ("麒麟", "统信", "鸿蒙", "安卓", "达梦")

_ACTIONS_ZH = "导出|导入|打印|登录|同步|下单|安装|升级|备份|恢复|上传|下载|审核|审批|查询|保存|删除|启动|支付|发送|对账"
_THINGS_ZH = (
    "批量|自动|远程|报表|订单|数据|发票|库存|客户|合同|工资|凭证|权限|用户|文件|附件|"
    "邮件|密码|日志|图片|条码|标签|小票|单据|账单|价格|商品|物料|考勤|流程|模板|"
    "驱动|证书|接口|行情|交易|委托|资金|持仓"
)
_THINGS_LATIN = "Excel|PDF|Word|CSV|XML|JSON|API|SSO|LDAP|VPN"
_ZH_FORWARD = re.compile(rf"({_THINGS_LATIN}|{_THINGS_ZH})\s*({_ACTIONS_ZH})", re.I)
_ZH_BACKWARD = re.compile(rf"({_ACTIONS_ZH})\s*+(?:[了到为成出]\s*+)?({_THINGS_LATIN}|{_THINGS_ZH})", re.I)
_ZH_ACTION = re.compile(_ACTIONS_ZH)

# Each action by the beginnings of its forms.
_ACTIONS_EN = {
    "export": "export(?:s|ed|ing)?",
    "import": "import(?:s|ed|ing)?",
    "print": "print(?:s|ed|ing)?",
    "login": "log(?:ging)?[ -]?in|sign(?:ing)?[ -]?in",
    "sync": "sync(?:s|ed|ing|hroni[sz][a-z]*)?",
    "install": "install(?:s|ed|ing|ation)?",
    "upgrade": "upgrad(?:e|es|ed|ing)",
    "backup": "back(?:ing)?[ -]?up",
    "restore": "restor(?:e|es|ed|ing)",
    "upload": "upload(?:s|ed|ing)?",
    "download": "download(?:s|ed|ing)?",
    "search": "search(?:es|ed|ing)?",
    "payment": "pay(?:ing|ment|ments)?",
    "approval": "approv(?:al|als|e|es|ed|ing)",
}
_THINGS_EN = (  # in small letters, as the text is made: that is found faster than either
    "excel|pdf|word|csv|xml|json|api|sso|ldap|vpn|batch|bulk|report|order|data|invoice|stock|customer|contract|payroll|"
    "user|file|attachment|email|password|log|image|label|receipt|price|template|driver|certificate|database|trade"
)
_BETWEEN = r"\s+(?:(?:to|from|into|with|via|of|an|a|the)\s+)*"
_EN = tuple(
    (
        re.compile(_ALONE.format(rf"(?:({_THINGS_EN})s?\s+(?:{forms})|(?:{forms}){_BETWEEN}({_THINGS_EN})s?)")),
        action,
    )
    for action, forms in _ACTIONS_EN.items()
)


def extract_tags(problem: Problem) -> list[str]:
    """Where it happened, what was being done, in which version, with which exception."""
    texts = (problem.title, problem.environment, problem.description, problem.error_text)
    text = plain("\n".join(texts), MAX_TEXT)
    chinese = bool(_CJK.search(problem.title + problem.description))
    doing = plain(f"{problem.title}\n{problem.description}", MAX_TEXT)
    found = [
        *_environments(text)[:3],
        *(_compounds_zh(doing, problem.module) if chinese else _compounds_en(doing))[:3],
        *_versions(problem.product_version, text)[:1],
        *_exceptions(text)[:2],
        *([problem.module.strip()] if problem.module.strip() else []),
    ]
    found = [tag for tag in found if not _is_no_tag(tag)]
    unique = {tag.lower(): tag[:MAX_TAG] for tag in reversed(found)}
    return [tag for tag in dict.fromkeys(unique[one.lower()] for one in found)][:MAX_TAGS]


def _is_no_tag(text: str) -> bool:
    """An address of a host or an amount, which people enter as a version or module too, or the mark of what was taken
    out. Four numbers in a row may be either; those of private networks are addresses."""
    return bool(_AMOUNT.search(text)) or is_private_address(text) or (text[:1], text[-1:]) == ("[", "]")


def _environments(text: str) -> list[str]:
    found = [(match.start(), match.expand(tag)) for pattern, tag in _ENVIRONMENTS if (match := pattern.search(text))]
    found += [(text.index(name), name) for name in _CHINESE_SYSTEMS if name in text]
    return [tag for _, tag in sorted(found)]


def _versions(given: str, text: str) -> list[str]:
    given = "" if _is_no_tag(given.strip()) else given
    if match := _BARE_VERSION.search(plain(given, MAX_VERSION)) or _VERSION.search(text):
        return [f"V{match[1]}"]
    return [given.strip()] if given.strip() else []


def _exceptions(text: str) -> list[str]:
    return list(dict.fromkeys([*_EXCEPTION.findall(text), *_CODE.findall(text)]))


def _compounds_zh(text: str, module: str) -> list[str]:
    """A thing and what is done with it, whichever comes first; else what is done, with the module's name."""
    found = [(match.start(), _canonical(match[1]) + match[2]) for match in _ZH_FORWARD.finditer(text)]
    taken = {compound for _, compound in found}
    for match in _ZH_BACKWARD.finditer(text):
        compound = _canonical(match[2]) + match[1]
        if compound not in taken:
            found.append((match.start(), compound))
    compounds = list(dict.fromkeys(compound for _, compound in sorted(found)))
    if not compounds and (action := _ZH_ACTION.search(text)):
        module = module.strip()
        return [
            module + action[0] if _CJK.search(module) and len(module) <= 4 and action[0] not in module else action[0]
        ]
    return compounds


def _compounds_en(text: str) -> list[str]:
    found = []
    small = text.lower()
    for pattern, action in _EN:
        if match := pattern.search(small):
            found.append((match.start(), f"{_canonical(match[1] or match[2])} {action}"))
    return [compound for _, compound in sorted(found)]


def _canonical(thing: str) -> str:
    """As the names themselves are written, other words in lower case."""
    return next((name for name in _THINGS_LATIN.split("|") if name.lower() == thing.lower()), thing.lower())
