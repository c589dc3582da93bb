"""Keywords of categories and priorities, in Chinese and English (P2.2, P2.3); classifier.py goes by them.

One pattern a line; English ones match whole words. `<无法>` and `<cannot>` stand for all ways to say that.
"""

import re
from dataclasses import dataclass

from shared.terms import Category, Text

SYNONYMS = {
    "<无法>": "(?:无法正常|不能正常|无法|不能|没法|不可以)",
    "<cannot>": "(?:cannot|can't|can not|could not|couldn't|unable to|not able to|nobody can|no one can)",
}


@dataclass(frozen=True)
class Keywords:
    """What it means when one of these words is found; `weight` 2 for clear words, 1 for a hint."""

    pattern: re.Pattern[str]
    meaning: Text
    weight: int = 2


def _keywords(meaning: Text, patterns: str, weight: int = 2) -> Keywords:
    for short, long in SYNONYMS.items():
        patterns = patterns.replace(short, long)
    lines = [line.strip() for line in patterns.splitlines() if line.strip()]
    english = "|".join(line for line in lines if line.isascii())
    chinese = "|".join(line for line in lines if not line.isascii())
    # No \b: between a Chinese character and a Latin letter there is none.
    both = [rf"(?<![a-z0-9_])(?:{english})(?![a-z0-9_])" if english else "", f"(?:{chinese})" if chinese else ""]
    return Keywords(re.compile("|".join(part for part in both if part)), meaning, weight)


BUSINESS_INTERRUPTED = (
    _keywords(
        Text("core business is interrupted", "核心业务中断"),
        """
        <无法>(?:下单|交易|收款|支付|付款|结算|开票|出库|发货|报盘|委托|挂号|收银)
        (?:下|收|付)不了(?:单|款)
        (?:下单|交易|支付|收款|结算)(?:功能)?(?:全部|已经)?(?:中断|瘫痪|停摆)
        (?:业务|生产|交易|服务)(?:完全|全面|已)?(?:中断|停摆|停滞|瘫痪)
        停产|停线|宕机|瘫痪
        核心业务(?:无法|不能|受阻|受影响)
        (?:系统|服务器|平台|生产环境)(?:整体|全部|突然|已经|又)?(?:挂了|全挂|崩溃了)
        <cannot> (?:place|take|submit|process|make|accept|settle) (?:\\w{1,40} )?(?:order|trade|payment|transaction)s?
        (?:production|system|server|site|service|platform|trading) (?:is |has gone |went )?(?:completely )?down
        outage
        business (?:is |has been )?(?:interrupted|stopped|halted|at a standstill)
        (?:trading|production)(?: line)? (?:is |has )?(?:halted|stopped|interrupted)
        """,
    ),
)

MANY_USERS = (
    _keywords(
        Text("many users are affected", "影响大量用户"),
        """
        (?:全部|所有|全体|大量|很多|许多|多个|大批|多名|多位)的?(?:用户|客户|员工|人员|同事|人|网点|门店|终端|部门)
        全公司|全员|大面积|大范围|(?:大家|每个人|谁)都
        整个(?:公司|部门|办公室)
        (?:all|every|many|most|numerous) (?:of )?(?:our |the )?(?:users?|customers?|employees|people|staff|stores)
        everyone|everybody|company-wide
        nobody can|no one can
        (?:whole|entire) (?:company|office|department|team)
        """,
    ),
)

_FAILS = Text("a function fails", "部分功能失效")
_WRONG = Text("something is wrong", "存在异常")
FAILURES = (
    _keywords(
        _FAILS,
        """
        崩溃|闪退|卡死|死机|白屏|黑屏|蓝屏|失败|失效|丢失|丢了|不见了|损坏|报错|没反应|无响应|打不开|登不上|连不上
        <无法>
        crash(?:es|ed|ing)?|fail(?:s|ed|ing|ure)?|freez(?:e|es|ing)|frozen|hangs?|lost|missing|corrupt(?:ed)?|broken
        blank (?:screen|page)
        <cannot>
        (?:does not|doesn't|not|isn't|stopped) (?:work|respond|open|load)(?:ing)?
        """,
    ),
    _keywords(
        _WRONG,
        "异常|错误|超时|中断|不对|不一致|很慢|缓慢|卡顿 \n errors?|exceptions?|time(?:s|d)? ?out|wrong|down|slow",
        1,
    ),
)

QUESTIONS = (
    _keywords(
        Text("this is a question or a suggestion", "这是咨询或建议"),
        """
        请问|咨询|如何|怎样|建议|能否|可否|是否支持
        怎么(?!回事|又|老|总|突然|就)
        希望\\w{0,8}?(?:能|可以|增加|支持)
        想(?:了解|问|请教)
        how (?:do|can|to|should|would)
        where (?:is|can|do)
        is it possible|suggest(?:ion|s)?|feature request|question about
        would like to (?:know|ask|suggest)
        would be (?:nice|great)
        """,
    ),
)

_OPERATION = Text("this is about using the software", "问题与软件使用有关")
_ENVIRONMENT = Text("this is about the environment", "问题与运行环境有关")
_FUNCTION = Text("a function does not work correctly", "功能异常")
_DATA = Text("this is about data", "问题与数据有关")

CATEGORIES: dict[Category, tuple[Keywords, ...]] = {
    Category.OPERATION: (
        _keywords(
            _OPERATION,
            """
            请问|如何|怎样|教程|操作手册|使用说明|培训|误操作|忘记密码|重置密码
            怎么(?!回事|又|老|总|突然|就)
            不会(?:用|操作|设置)
            在哪(?:里|儿)?|哪个(?:菜单|按钮)
            权限(?:申请|开通|设置)
            how (?:do|can|to|should)
            where (?:is|can|do)
            tutorials?|manual|training|by mistake
            (?:forgot|reset) (?:my |the )?password
            which (?:menu|button)
            """,
        ),
        _keywords(_OPERATION, "咨询|建议|设置|配置方法 \n question|settings?|guide", 1),
    ),
    Category.ENVIRONMENT: (
        _keywords(
            _ENVIRONMENT,
            """
            兼容|驱动|浏览器|操作系统|防火墙|证书|打印机|硬件|内存不足|端口|代理服务器|杀毒|显卡|域名|分辨率
            磁盘(?:已?满|空间)
            安装(?:失败|不上|包|时|过程)
            网络(?:不通|中断|超时|异常|断开|连接)
            (?:in)?compatib[a-z0-9_]+|drivers?|browsers?|firewall|certificates?|ssl|tls|printers?|hardware|out of memory
            disk (?:is )?(?:full|space)
            vpn|dns|proxy|antivirus|install(?:er|ation)|operating system|network
            """,
        ),
        _keywords(
            _ENVIRONMENT,
            """
            网络|安装|升级后|麒麟|统信
            win(?:dows)? ?(?:7|8|10|11)
            macos|linux|chrome|edge|firefox|upgrad[a-z0-9_]+|install(?:ed|ing)?
            after (?:the |an )?update
            """,
            1,
        ),
    ),
    Category.FUNCTION: (
        _keywords(
            _FUNCTION,
            """
            崩溃|闪退|卡死|白屏|没反应|无响应|缺陷
            (?:计算|结果)(?:错误|不对|有误)
            导出\\w{0,8}?(?:失败|报错|异常|崩溃|闪退)
            宕机|瘫痪
            (?:功能|按钮|接口|页面)(?:失效|异常|报错|失败|点击无效)
            <无法>(?:下单|交易|导出|保存|打开|提交|登录|支付|打印|查询|审批|上传|下载)
            crash(?:es|ed|ing)?|bugs?|freez(?:e|es|ing)|frozen|hangs?
            blank (?:screen|page)
            (?:production|system|server|site|service|platform|trading) (?:is |has gone |went )?(?:completely )?down
            outage
            wrong (?:result|total|amount|value)s?
            export fail[a-z0-9_]*
            <cannot> (?:\\w{1,40} )?(?:export|save|open|submit|log ?in|sign in|place|print|upload|download|approve)
            (?:does not|doesn't|not|stopped) (?:work|respond)(?:ing)?
            """,
        ),
        _keywords(_FUNCTION, "报错|异常|错误|失败 \n <无法> \n errors?|exceptions?|fail(?:s|ed|ure)?|down", 1),
    ),
    Category.DATA: (
        _keywords(
            _DATA,
            """
            数据\\w{0,4}?(?:丢失|丢了|不见|不一致|不对|错误|重复|损坏|缺失|混乱)
            (?:记录|订单|单据|资料|报表)\\w{0,4}?(?:丢失|不见|缺失|重复)
            同步(?:失败|异常|不上|不了|中断|延迟)|未同步|没有同步
            对不上|账不平|误删|备份|数据(?:恢复|迁移|修复)
            (?:库存|余额|金额)(?:不一致|不符|对不上)
            data (?:loss|is lost|was lost|missing|corrupt[a-z0-9_]*|mismatch)
            (?:lost|missing|duplicated?) (?:data|records?|rows?|entries|orders?|transactions?)
            out of sync|synchroni[sz]ation|inconsistent|backups?|restore|corrupt(?:ed|ion)
            (?:fail[a-z0-9_]* to|not|doesn't|does not) sync[a-z0-9_]*
            sync[a-z0-9_]* (?:fail[a-z0-9_]*|errors?|stopped)
            """,
        ),
        _keywords(_DATA, "数据|同步|导入 \n data|sync[a-z0-9_]*|import[a-z0-9_]*|database", 1),
    ),
}

# What negates the keyword right after it: `没有再出现崩溃`, `no crash`.
NEGATIONS = (
    r"(?:没有|没|并未|并无|未|不是|不会|从未|无|不再)(?:再|出现|发生|遇到|任何|什么|过|发现|看到|报|明显|的){0,3}$",
    r"(?<![a-z])(?:no|not|never|without|nor|isn't|wasn't|aren't|didn't|doesn't|hasn't)"
    r"(?: (?:a|an|any|the|yet|see|seen|seeing|been|longer|more)){0,3} $",
)
NEGATED = re.compile("|".join(NEGATIONS))
CLAUSE_END = re.compile(r"[,.;:!?，。；：！？、\n]|但|可是|(?<![a-z])but(?![a-z])")
