"""Words by which a clause says that it is not about how things are now: asked, imagined, planned, past, wished for,
over or denied. They are those of the language, not of any one product or trade.
"""

import re

from shared.reading.words import words

ASKED = words(
    """
    请问 想问 问一?下 问问 问个 想知道 想确认 想了解 想咨询 咨询 请教 能不能 能否 可否 可不可以 可以.{1,16}吗 是否
    有没有 有无 怎么(?!回事|又|老|总|突然|就|搞的|都|还|这么|那么) 怎样 如何 咋(?!回事|又|老|就) 在哪 哪里 哪儿 哪个
    哪些 哪几 哪款 什么时候 何时 几时 多久 多长时间 多少(?!人|都) 几[点号天] [指是叫算]什么(?!情况|原因|问题)
    什么(?:区别|意思|格式|样|办法|原理|条件|要求) 吗 要不要 需不需要 会不会 是不是 好不好 行不行 够不够 对不对
    区别是 支持.{0,15}吗 还是.{1,15}[?]
    """,
)
COMPLAINED = words(
    """
    为什么 为何 为啥 怎么回事 咋回事 怎么搞 怎么又 怎么老 怎么总 怎么突然 怎么就 怎么都 咋又 咋老 什么情况 什么原因
    什么问题 怎么办 咋办 咋整 咋弄 (?:怎么|如何)(?:解决|处理|修)
    怎么.{0,6}(?:不了|不出|不上|不见|不开|不去|报错|失败|丢|没了)
    """,
    """
    why how_come what_happened what_is_going_on what's_going_on what's_wrong what_is_wrong
    what_(?:can|should|do)_(?:i|we)_do
    how_(?:do|can)_(?:i|we)_(?:fix|solve|resolve|get_rid|recover|restore|undo|get_(?:it|them|this)_back)
    """,
)
STARTS_TO_ASK = words(
    "",
    """
    how what what's where when who whom whose which is are was were do does did can could would will should shall
    may might has have am any anyone anybody isn't aren't doesn't don't
    """,
)
ASKED_WITHIN = words(
    "",
    """
    how_(?:do|can|could|should|would)_(?:i|we|you|one) how_to where_(?:do|can|could)_(?:i|we) where_is
    is_there_(?:a|any) is_it_possible would_it_be_possible
    (?:can|could|would|will)_(?:you|someone|somebody|we|i)(?!_not) may_(?:i|we) i_wonder wondering
    (?:like|want|need)_to_know (?:a_)?(?:quick_)?questions?_about just_curious
    (?:tell|show)_(?:me|us)_(?:how|where|whether|if) let_(?:me|us)_know_(?:how|where|if|whether) whether
    """,
)
REPAIR = words(
    """
    (?:能不能|能否|可否|可不可以|麻烦|请|帮|赶紧|赶快|尽快|马上|立即|立刻|快).{0,8}(?:看一?下|看看|修|恢复|解决|查|排查|抢修|回滚|介入|救)
    急修 报修 报障 抢修 救命
    """,
    """
    (?:could|can|would|will)_(?:you|someone|somebody|anyone|we)_(?:please_)?(?:fix|check|look|help|restore|investigate|repair|resolve|roll_back|rollback)
    please_(?:fix|help|check|look|restore|investigate|repair|resolve|escalate|call|bring|roll_back)
    pls_(?:fix|help|check|call) look_into look_at_this roll_back rollback
    """,
)
IMAGINED = words(
    "如果 假如 假设 假使 要是 万一 倘若 若是 一旦 设想 假定 如遇 若遇 就算 即使 哪怕",
    """
    if suppose supposing assuming hypothetically hypothetical imagine in_case in_the_event what_if
    were_(?:we|i|it|they)_to should_(?:the|a|an|our|your|one|someone)
    """,
)
SUPPOSED = words(
    "会 怎么办 怎么 能不能 能否 是否 吗 多少 多久 还能 应该 要不要 需要",
    "would could might will should shall",
)
REAL_CONDITION = words(
    "就.{0,8}(?:报|崩|卡|闪|弹|挂|死|白|黑|退|断|丢|错)",
    "if_(?:i|we|you|anyone|someone|a_user|the_user)_(?:click|press|open|try|select|print|save|enter"
    "|choose|tap|scan|export|log|start|run|change)",
)
PLANNED = words(
    """
    计划 打算 即将 定于 拟于 预计 准备(?:在|把|切|升|上|做|启动|于|换|采购) 届时 到时候? 将(?:于|在|会|要|进行|从)
    (?:停电|停机|系统|例行|定期)(?:检修|维护|升级|公告|通知) 维护窗口
    会(?:停机|关机|停电|停用|停掉|下线|切换|暂停|中断|断[电网])
    (?:本|这)周[一二三四五六日末天].{0,12}(?:搬|停|升级|检修|维护|切换) 知会 特此通知 请知悉
    下个?(?:周|月|季度|星期|学期|半年|礼拜).{0,12}(?:要|会|将|换|升|切|上|停|做|启动|迁|准备)
    (?:明年|明天|明晚|后天|周末|下周.).{0,15}(?:会|将|停|切|升级|割接|检修|改到|改成|推迟|提前|取消)
    """,
    """
    (?:will|shall|'ll)(?!_(?:not|never|crash|freeze|hang|fail|show|give|say|just|only|sometimes|always|often))
    scheduled (?:planned|scheduled)_(?:maintenance|downtime|outage) maintenance_(?:window|notice|on)
    for_(?:\\w{1,12}_)?maintenance cut_?over
    cuts_over go-live (?<!of_)(?<!in_)(?<!until_)(?<!since_)(?<!for_)(?:may|might)(?!_(?:be|have)_(?:because|due))
    going_to plan(?:s|ning|ned)?_(?:to|for) (?:next|coming)_(?:week|month|quarter|year|spring|summer|autumn|winter)
    """,
)
PAST = words(
    """
    上次 上回 (?<!是)去年 (?<!是)前年 当年 当初 从前 曾经? 那时 那次 有一?次 那天 那回 以前 过去(?:的|几|曾) 历史上
    复盘 早年 之前(?!.{0,10}(?:正常|好|没|能|可以|都行|没有))
    (?:上个?月|上上?周|上个?星期|前阵子|前段时间)的(?:投诉|故障|事故|问题|建议)
    """,
    """
    last_time one_(?:night|day|evening|time|morning|afternoon) used_to post-?mortem back_then in_the_past
    (?:years?|months?)_ago previously formerly historically last_year once_(?:had|was|were)
    """,
)
PRESENT = words(
    "今天 今早 今晨 今晚 现在 目前 刚才 刚刚 昨天 昨晚 昨夜 又 仍 依然 正在 从.{1,10}(?:开始"
    "|起) 本周 这两天 这几天 分钟前 凌晨",
    """
    now today again still since this_morning tonight currently yesterday right_now keeps
    (?:past|last)_(?:half_)?(?:hour|minutes|few) minutes_ago tomorrow
    """,
)
OVER = words(
    """
    已经?(?:全部|都|完全|自动|于.{1,8}|于当日)?(?:解决|恢复|修复|修好|找回|补传|补齐|好了|正常|连上|结案|搞定|处理完)
    (?<!没)(?<!没有)(?<!未)(?<!能)(?:解决了|修好了|搞定了|弄好了|恢复了|处理好了|找回来?了|连上了|换好了) 恢复正常
    (?:就|又|都|也)(?:恢复|正常|好|可以|能用)了 (?:一|换|改|重启|插)[^,。]{0,6}就(?:好|行)了? 正常了 目前正常
    (?:没|没有|不)再(?:次)?(?:出现|发生|报|卡|崩|掉|死|坏) 一次(?:都|也)没有?
    (?:不用|无需|不需要|不必)(?:再)?(?:处理|跟进|理会|回复|跟|来|派|管|远程|查|上门)
    (?:可以|请|直接|同意|麻烦)(?:直接|帮忙)?(?:结案|关闭|关单|关掉|关了) 没事[了啦] 打扰了 虚惊一场 误报 看错了
    不用管 请(?:取消|撤回|撤销|作废|忽略) 后来发现 原来是 [查弄搞]清楚了 [查弄]明白了 已(?:经)?(?:核实|作废|查明)
    """,
    """
    (?<!be_)(?<!not_)(?<!being_)(?<!get_)(?<!until_)(?<!gets_)(?:resolved|solved|fixed|sorted)(?!_(?:for|price|on|asset|by|assets|term|width))
    (?:works?|working|running|fine|ok|okay|good|well|up|back|normal|there|online)_(?:again|now) back_to_normal
    looks?_(?:normal|fine|good) all_(?:good|clear|green|is_well)
    no_longer_(?:see|seen|happens|happening|occurs|an_issue|a_problem)
    (?:has|have)(?:_not|n't)_(?:happened|come_back|reappeared|returned|recurred|occurred)(?:_again|_since)?
    (?:can|may|you|please)_(?:now_)?(?:be_closed|close|go)(?=_(?:the|this|it|now|my)|$)
    clos(?:e|ing)_(?:this|the_(?:ticket|case|complaint)|it|on_our) turns?_out turned_out false_alarm never_?mind
    disregard please_ignore sorry_for_the_(?:noise|trouble|bother|confusion)
    (?:has|have)_(?:turned_up|been_found|reappeared|come_back) (?:was|were)_meant_for recovered (?:has|have)_been_no
    """,
)
NOT_OVER = words(
    "什么时候 何时 还没 尚未 未能 没有?(?:解决|恢复) 等.{0,4}(?:恢复|解决) 多久 才能 如果 要是 能否 临时 希望",
    "until not yet still when before could would if unless hope should must want needs_to_be n't",
)
WISHED = words(
    """
    建议(?!.{0,6}(?:尽快|马上)) 希望(?!.{0,8}(?:尽快|马上|早日|解决|恢复)) 最好(?:能|是) 要是能
    想(?:要|给|让|换|报|加|增加|把|申请|统一|改)(?!.{0,12}(?:不了|不上|失败|报错|没))
    能(?:加|增加|支持|提供).{0,12}(?:就|更)好 (?:会|就)更好 改成
    """,
    """
    would_be_(?:nice|lovely|great|good|useful) would_(?:like|love|prefer) 'd_(?:like|love|prefer) (?:i|we)_wish
    wish(?:es)? suggestions? feature_request (?:i|we)_want
    """,
)
REQUESTED = words(
    """
    (?:麻烦|请|烦请|劳烦|帮忙?|可否|能否).{0,10}(?:发|提供|寄|开|加|安排|改|装|导出|设置|报价|配置|开通|转|通知|回复|推荐)
    (?:出|给|要|发|开|来).{0,4}一[份个张套] 申请(?:试用|开通|延期|加|一) (?:请|发|给|要|出).{0,8}报价
    """,
    """
    kindly (?:please|pls)(?!_(?:fix|help|check|look|restore|investigate|repair|call|bring|escalate))
    (?:send|need|request|want)_(?:us_|me_)?a_(?:quote|quotation)
    """,
)
THANKED = words(
    "谢谢 感谢 多谢 辛苦 收到 知道了 明白了 放心 麻烦了 费心",
    "thanks? thank_you thx ty cheers appreciate[ds]? got_it noted",
)
PRAISED = words(
    """
    感谢信 致谢 点赞 个赞 赞一个 表扬 夸 给力 很?满意 不错 靠谱 五星 好评 完美 太棒 真棒 很棒 服气 贴心 耐心 省心
    好用(?!性) 厉害 优秀 锦旗 专业 惊喜 没别的事 没有别的事 👍 💪 🌹 ❤ 💐
    """,
    """
    well_done nice_work (?:great|good|fine|super|brilliant)_(?:job|work|support|service|team) kudos perfect
    excellent brilliant compliments? praise impressed impressive delighted
    (?:love|loved|enjoy)_(?:it|the|your|this|how) hats_off five_stars? pleasure(?:_to)? wonderful fantastic superb
    gratitude grateful
    """,
)
RESERVED = words(
    "就是有 有一点 有个小 小问题 美中不足 就一点 唯一",
    "one_thing small_thing tiny_thing little_thing minor_thing one_problem only_problem",
)
AWAY = words("休假 不在办公室 年假期间", "out_of_(?:the_)?office on_leave_until auto-?reply automatic_reply")
ACCESS = words(
    r"""
    [没无缺开加给授][^,。]{0,6}权限 权限(?:不足|不够|没开|未开) 申请.{0,6}权限 忘.{0,6}(?:密码|口令)
    (?:密码|秘密|口令).{0,6}(?:忘|重置|不记得|过期) [账帐]号.{0,4}(?:[锁停冻]|过期)
    """,
    r"""
    (?:no|lacks?|missing|need|needs|grant|without)_(?:the_)?(?:permissions?|access|rights) permission_denied
    account_(?:is_|got_|was_|has_been_)?(?:locked|disabled|expired|blocked|suspended) (?:account|login)_locked
    locked_(?:me_|us_|him_|her_)?out forgot(?:ten)?_(?:my|the|his|her|our)_(?:\w{1,12}_)?(?:password|pin|passcode)
    reset_(?:my|his|her|the|a)_password give_(?:\w{1,15}_){1,5}access unlock
    """,
)
SUSPECTED = words(
    """
    怎么回事 咋回事 怎么搞的 什么情况 哪里出(?:了)?(?:问题|错)
    是不是.{0,10}(?:坏|挂|攻击|出问题|有问题|故障|崩|断|bug|错|宕) 正常吗 正常么 正不正常
    """,
    r"""
    meant_to_(?:happen|be|do|work) supposed_to_(?:happen|be|do|work|look) (?:is|was)_(?:this|that|it)_normal
    (?:is|are)_(?:your|the)_(?:\w{1,15}_){1,3}(?:all_right|alright|down|ok|okay|broken|up)
    is_it_(?:just|only)_(?:me|us) known_(?:issue|bug|problem)
    (?:anybody|anyone|somebody|someone)_else_(?:seeing|having|getting) what_is_going_on what's_going_on what's_wrong
    what_is_wrong what_went_wrong
    """,
)
CHANGED = words(
    r"""
    (?:升级|更新|换|改版|重装|打补丁|迁移)[^,。]{0,6}(?:之后|以后|后) 自从
    从(?:今|昨|前|上|周|星期|早|下午|中午|晚|\d)[^,。]{0,8}(?:起|开始)
    (?:以前|之前|上个版本|旧版|老版本|原来|昨天|上周|上个月)[^,。]{0,8}(?:正常|好好的|是好的|能用|可以|没问题|不会|不这样|就出来|会标|都行|还在|还好|一直有|都有|有的|是有)
    还是(?:上|旧|老|原来|昨|之前) (?:等|得|要)[^,。]{0,6}(?:秒|分钟|半天) 好好的
    """,
    r"""
    (?:since|after)_(?:the|this|your|our|last|yesterday's|today's)_(?:\w{1,15}_){0,2}(?:update|upgrade|release|patch|morning|night|weekend|migration|change|noon)
    since_(?:yesterday|noon|this|today|monday|tuesday|wednesday|thursday|friday|saturday|sunday|about|around|\d)
    (?:worked|was_fine|were_fine|was_ok|it_took)_(?:\w{1,15}_){0,4}(?:until|before|yesterday|last_week|last_month)
    takes_(?:ages|forever|minutes|hours|(?:\w{1,12}_){1,2}(?:minutes|hours))
    still_(?:shows?|says|has|have|the|uses|prints|getting|gets)
    """,
)
BETTER = words(
    "更快 快多了 快了 好多了 方便 顺畅 流畅 轻松 缩短 提高 提升 减少 满意 稳定",
    "faster better easier smoother smooth improved great quicker happy happier",
)
MISTAKEN = words(
    """
    不小心 手滑 手误 (?<!系统)误(?:删|操作|关|点|提交|审核|录|改|传) (?:录|选|点|填|关|输|导|传|写|删|按|配|设)错了?
    我(?:们)?(?:自己)?把[^,。]{1,15}(?:关|删|提交|审核|停用|禁用|清|覆盖|改)了?
    """,
    r"""
    by_mistake by_accident accidentally mistakenly inadvertently my_(?:own_)?(?:mistake|fault|bad)
    our_(?:own_)?(?:mistake|fault)
    (?:i|we|hire|colleague|intern|trainee|clerk|somebody|someone|she|he|they)_(?:entered|posted|typed|picked|chose|selected|closed|deleted|booked|keyed|uploaded|imported|sent)(?:_[\w']{1,15}){0,6}_(?:wrong|incorrect)
    forgot_(?:my|the|to) mistyped
    """,
)
EVERYBODY = words(
    "全 所有 大家 都 整个 整家 每一?[家个台] 各[店家]", "nobody no_one everyone everybody all whole entire every none"
)
DENIED = words(
    """
    (?:并?不是|并非|不算|没有?(?:什么|任何|出|遇到)?(?=故障|报障|事故))(?:故障|报障|报修|bug|问题|投诉|毛病|事故|系统(?:的)?问题)(?=[,。!;了\\s]|$)
    (?<![其它他余的])系统没(?:有)?问题 哈哈 开玩笑 不影响用 别(?:慌|紧张|担心)
    (?:没|没有|也没|也没有|未|无)(?:坏|崩|丢|报错|出错|异常|故障|error)(?=[,。!;也了\\s只]|$) 演练
    """,
    """
    (?:nothing|not)_(?:is_)?(?:broken|wrong|lost|failing|a_bug|a_fault|a_problem|a_complaint|a_cancellation|an_incident|an_error|an_outage)
    no_(?:incident|outage|fault|bug|error|problem|problems|errors|issue|issues)(?:_(?:here|at_all|of_any_kind|with))?
    (?:isn't|is_not|not)_a_(?:bug|fault|problem|complaint) don't_(?:worry|panic|be_alarmed)
    just_(?:a|an)_(?:drill|test|exercise|question)
    """,
)
FEARED = words(
    "怕 担心 以免 避免 防止 免得 省得 预防", "afraid worried avoid prevent in_order_not_to so_as_not_to lest"
)
HOW = words("怎么 怎样 如何 哪 是否 多少", "how where which whether")
DENIES = re.compile(
    r"(?:(?:不是|并非)[^,。]{0,5}|没有|没|未|无|不会|不算|不再|从未|从没|(?<![A-Za-z])(?:no|not|never"
    r"|without|nothing|isn't|wasn't|hasn't|haven't|didn't)"
    r"(?: (?:a|an|any|been|been any|seen any|had any|is|at all))?) {0,2}$",
    re.IGNORECASE,
)
