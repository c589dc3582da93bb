"""Words for faults. Strong ones tell of a fault wherever they are said of how things are; weak ones may also be part of
a question about how something is used."""

import re

from shared.reading.words import words

DONE = (
    "点读写发拨扫下做打开登连上进出存传导印查看用付卖收录报办算走跑装起播听"
    "选改删加取交审批签配派排接转切关退保提显载展充领结入盘调核刷编启停绑找"
)
STRONG = words(
    rf"""
    报错 出错 错误(?!处理|率|码.{{0,3}}(?:表|说明|对照|文档|清单)|代码.{{0,3}}(?:表|说明|对照|文档|清单))
    异常(?!单|件|考勤|处理|流程|申报|检测|管理) 故障(?!率|报告|处理|演练|申报|码表) 失败(?!率) 崩溃 崩了 崩掉 又崩
    全崩 闪退 闪回 卡死 卡住 卡在 卡顿 死机 宕机 宕了 当机 当掉 挂了 挂掉 全挂 瘫痪 瘫了 [白黑蓝花]屏 乱码 丢失 丢了
    丢数据 丢单 丢包 不见了 消失 没了 清空 清零 归零 (?:变|清|重置|reset)(?:为|成|到|成了)?0 变空 都是0 没反应
    没有反应 [无没未]响应 无反应 停止响应 没动静 转圈 一直转 逾时 超时(?!时间|设置|工时|加班|规则|提醒) 断开
    断[线网]了? 断了 断连 断档 失联 掉线 离线(?!模式|包|版|安装|下载|使用|缓存|地图|开票|收银) 中断 停摆 停了 全停
    停工 停线 不同步 没同步 空白(?!模板|表|单|页|合同|支票|处|行) 为空 是空 全空 一片白 白的 重复(?!购|率|检查|性)
    [了付扣打发算做收].{{0,2}}[两二三23](?:次|遍|笔|份|回) 多扣 多算 少算 漏算 漏掉 缺失 缺行 错乱 错位 错开 串了
    串号 串单 跳号 断号 对调 打反 反了 搞反 颠倒 不一致 (?<!说得)(?<!说的)不对(?!外|称|接) 不正确 不准 有误 是错的
    算错 显示错 取错 不平 对不[上齐平] 不符 不匹配 冲突 溢出 泄漏 泄露 失灵 失效 坏(?!账|帐|件|品|处|习|消息|人)
    不灵 不生效 没生效 被拒 拒绝(?:访问|连接) 勒索 漏水 断电 跳闸 红灯 歇菜 趴窝 罢工 动不了 起不来 出问题 有问题
    出毛病 掉单 漏单 错单 没到账 未到账 没传 没收到 停在 停留在 停住 卡着 突然.{{0,6}}(?:没|不|变|少|多) 跳回
    跳到登录 自动退出 被踢 踢出 强制(?:下线|退出) 死循环 打不着 不好使 不管用
    [{DONE}](?:不了|不出来?|不进去?|不上去?|不动|不通|不过去?|不开|不起来|不下来|不来|不去|不成|不到)(?!解|起$|位)
    加载不
    不能(?:正常)?(?:登|打|开|用|使|保|提|上|下|导|查|看|发|收|连|访|扫|付|过|审|生|同|启|运|播|接|写|读|编|删|选|办|结)
    无法(?!.{{0,4}}(?:忍受|理解|确定|判断|想象|接受))
    没办法(?:登|打|开|用|保|提|上|下|导|查|发|收|扫|付|结|做|工作|干活)
    没法(?:做|用|干|打|登|开|收|卖|算|发|继续|正常|工作) 死活 不打印 不显示 不出(?=[,货商单数票]) 不认 不响 不亮
    不动了? 不刷新 不更新 没拦 没加上 没变 没扣 没转 没进 没存上 没写进 消不掉 半截 显示不全 不完整
    [没未](?:有)?(?:自动|正常)?(?:上传|下[载发]|导[入出]|计[算入]|扣|生成|更新|刷新|扣减|保存|显示|弹出|触发|执行|推送|到达|同步|过去|转过去|打印|生效|送达|入账)
    [多少]了?[一二两三四五几半][个条行分块元笔张套件人页] 比[^,。]{{0,8}}[多少]了? 多出 没影了 扣了?两 成(?:了)?别
    差了 偏(?:移|右|左) 往.{{0,2}}偏 负数 负库存 翻倍 翻了一倍 被覆盖 被改 慢得 很慢 变慢
    (?:出来|看到|显示|打开)的?(?:是|都是|成)(?:别|另) 回到第一步 又回到 又跳 百分之百 一封都 一条都 一个都没
    [特超巨](?:别|级)?[慢卡] 很卡 太卡 炸了 废了 挂(?=[,! ]|$)
    全(?:部|都)?(?:灰|黑|白|红|停|挂|断|乱|空|没|不|down|hang|reject) 都(?:停|挂|断|灰|空|没了|不能|不行|用不)
    (?:一[个单笔条张]|谁)(?:也|都)[^,。]{{0,6}}[不没] [又还]是?不行 [也就都]不行
    (?:就|又|还|都|老|总|一直)(?:报|弹|崩|退|卡|断|闪|挂|重启) 提示.{{0,4}}[不没未无失错超非]
    不让(?:登|提|保|过|打|用|占|选) down了 crash了? 挂起 (?:尽快|马上|立即|立刻|紧急|赶紧)(?:处理|解决|修|恢复|介入)
    """,
    r"""
    errors?(?!_log|_rate|_budget) errored fails? failed failing failures? faulty crash(?!_course) crashe[sd]
    crashing broken breaks broke exceptions?(?!_of|_to|_list|_report|_handling) frozen freez(?:e|es|ing) froze
    hang(?!_on) hangs hung hanging stuck times?_out timed_out timing_out offline(?!_mode) unavailable unreachable
    unresponsive unusable inaccessible unreadable illegible gibberish missing
    (?:are|is|were|was|been|got|gets|get|has)_lost lost_(?:all|our|the|my|every) gone disappear(?:s|ed|ing)?
    vanish(?:es|ed)? blank(?!_(?:template|form|sheet|cheque|check|line)) wrong(?:ly)? incorrect(?:ly)?
    duplicate[sd]?(?=_|$)(?!_(?:a|the|this|an|it)_) doubled twice corrupt(?:ed)? reject(?:s|ed)? refus(?:es|ed|ing)
    denied damaged invalid expired scrambled garbled (?:black|white|blue)_screen
    (?:goes|went|turns?|turned|is|are)_(?:white|black|blank|dead|grey|gray|red)
    (?:is|are|it's|went|been|goes|was|all|everything|completely|totally|site|server|system)_down
    nothing_(?:happens|works|loads|prints|shows|comes|goes|appears|arrives|turns_up|moves|opens) halt(?:s|ed)?
    standstill paralysed paralyzed drops?_(?:out|off|every|the_connection|calls) drop-outs? dropp(?:ed|ing)
    disconnect(?:s|ed|ing)? loses? locked_out_(?:their|its|the|my|connection|data) mixed_up out_of_sync misaligned
    mis(?:filed|routed|placed|calculated|printed|sorted|matched|labelled|counted|read) truncated overflow
    not_(?:found|recogni[sz]ed|available|responding|loading|working|printing|syncing|saving|opening|showing|updating|sending|receiving|arriving|visible|possible_to|able_to)
    (?:come|comes|came)_(?:back|out)_(?:with|empty|as|wrong) spins spinning loops looping
    no_longer_(?:work|works|open|opens|print|prints|load|loads|show|shows|possible|appears) stopped_\w{1,15}ing
    stops_(?:at|with|in|after|\w{1,15}ing)
    (?:stop|stopped|stays?|comes?|came|are|is|remains?)_(?:empty|blank|at|dead|grey|greyed)
    nobody_(?:can|could|gets|got|is_able) no_one_(?:can|could|gets|got|is_able) none_of_(?:us|them|our|the) not_one
    not_a_single no_\w{1,15}_(?:\w{1,15}_){0,6}(?:can|could|has_been_able|have_been_able|is_able)
    no_\w{1,15}_(?:reaches|arrives|works|opens|loads|gets_through|comes?|prints?|goes)
    (?:can't|cannot|can_not|cant|couldn't|unable_to|not_able_to|not_been_able_to)(?!_(?:wait|say|tell|find|thank|complain|remember|decide|afford|imagine|help|believe|recommend|praise|attend|think|stress|wait|you|we|i|see_(?:how|where|a|the)|make_it|be_(?:happier|more|better))(?![a-z]))
    (?:doesn't|doesnt|does_not)(?=_[a-z])(?!_(?:need|want|matter|have_to|mean|seem|bother|affect|hurt|like|know|fit|concern|include|cost|say|exist|look)(?![a-z]))
    (?:won't|wont|will_not)(?!_(?:need|mind|bother|keep|hurt|take|forget|cost|be_(?:needed|there|in|long|a))(?![a-z]))
    (?<!please_)(?:don't|dont|do_not)_(?:work|open|load|print|show|sync|match|arrive|add_up|scan|save|calculate|appear|get_(?:any|the|through)|see_any)
    (?:didn't|did_not|hasn't|haven't|has_not|have_not)_(?:arrive[d]?|come|print(?:ed)?|post(?:ed)?|run|start(?:ed)?|save[d]?|sen[dt]|sync(?:ed)?|work(?:ed)?|update[d]?|load(?:ed)?|finish(?:ed)?|complete[d]?|go(?:ne)?_(?:through|out)|receive[d]?)
    isn't_(?:\w{1,15}ing|there|visible|possible|available|right|correct)
    never_(?:arrive[sd]?|turns?_up|shows?_up|prints?|sends?|comes?|came|finish(?:es|ed)?|ends?|loads?|reach(?:es|ed)?|gets?|got|returns?|stops?|opens?)
    keeps?_(?!asking|saying|wanting|telling|getting_better)\w{1,15}ing outage emergency
    (?:very|extremely|terribly|so|too|painfully|unusably|really)_slow crawling leak(?:s|ing|ed)?
    shows?_(?:nothing|another|the_old|zero|the_wrong)
    (?:are|is|were|was|been|got)_(?:zeroed|wiped|deleted|overwritten|reset|cleared|swapped|reversed|cut_off|thrown_out|kicked_out|ignored|skipped)
    wiped zeroed swapped overwritten kicked_out thrown_out cut_off (?:is|are|get|gets|got)_cut closes_itself
    logs?_\w{1,20}_out upside_down takes_(?:ages|forever) returns?_(?:zero|no|nothing|an_empty|empty) flips_back
    reverts? mismatch bug glitch(?:es)? (?:does|did)_nothing dead(?!_(?:stock|line)) died ends?_(?:with|up_in|up_on)
    jam(?:s|med) (?:over|double-|double_)charged charged_twice overlap(?:s|ping)? flickers? ignores skips
    someone_else's (?:too_high|too_low|off_by|out_by|less_than_the|more_than_the) lagg?(?:y|ing) can't_wait
    cannot_wait will_(?:crash|fail|freeze|hang)
    """,
)
WEAK = words(
    """
    不能(?!接受) 没法 不行 不正常 不可用 没有了 不来 没来 变成 不了 只有.{0,10}(?:不|没) 停 空 慢 卡 不对 提示 灰 转
    响 少 缺 错 乱 反 偏 掉 红字 过不 找不到 没数 不见 断 跳 弹 没 堵 爆
    """,
    """
    can't cannot couldn't can_not cant unable won't wont doesn't doesnt didn't isn't not never nothing nobody no_one
    empty zero slow only stop(?:s|ped)? down without less_than more_than says warns? shows none still loses? warning
    instead even_though by_hand manually on_paper grey
    """,
)
MESSAGE = re.compile(
    r"(?:报|弹|提示|显示|跳出|返回|出现|状态|画面|写着)[^,。\"]{0,6}\"~"
    r"|(?<![A-Za-z])(?:says?|saying|shows?|reads?|answers?|gets?|got|returns?|with|message(?: is)?"
    r"|error|reported|ends (?:with|in)|stays at)"
    r"[ ,:]{1,3}\"~",
    re.IGNORECASE,
)
