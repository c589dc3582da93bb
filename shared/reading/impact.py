"""Words for how much a fault hurts: who is affected, whether work stands still, what still works, whether time presses
(P2.3). They are those of the language, not of any one product or trade."""

from shared.reading.words import words

CORE = r"(?:下单|接单|开单|派单|出单|制单|收款|收银|收费|付款|支付|缴费|结算|结账|结帐|交易|委托|报盘|开票|挂号|取号|发药|发货|出货|出库|入库|收货|发运|派车|派工|报工|过站|排产|生产|投产|检票|安检|值机|登机|办理业务|办业务|营业|开户|放款|理赔|报关|清关|分拣|称重|接诊|开药|开方|手术|上课|考试|交卷|选课|打卡|直播)"
STANDSTILL = words(
    rf"""
    停[产工线摆业诊运播售课板机](?!保)
    (?:全|都|已经?|只好|只能|被迫|先|就|整个|也|全部|全线|集体|直接)停(?:了|着|下|在|摆|$)?
    停下来 停滞 停住 干等 干坐 干瞪眼 干着急 傻等 傻眼 歇业 歇着 闲着 坐着(?:等|没) 全都?坐着 瘫痪 瘫了 全瘫 半瘫
    空转 趴窝 歇菜
    (?:核心)?(?:业务|生产|交易|营业|服务|经营|作业|工作)(?:已经?|全部|全面|完全|整个|都|就|基本|被迫)?(?:中断|停|停摆|停滞|断了|做不了|没法|无法|不能|开展不|干不)
    (?:没法|无法|不能|没办法|不得不停|停止)(?:营业|开门|开工|干活|做生意|做事|办公|上班|工作|生产|卖货|卖东西|卖|开业|接待|放行|开张|作业|接诊|看病|书写|发药|发货|出货|收货|收钱)
    做不了生意 做不成生意 干不了活 干不成活 开不了(?:门|张|业|工|单|台|机|方|刀|药|庭|考) 收不了(?:钱|款|银|费|货)
    收不到(?:钱|款)
    [下接派出做报录开]不[了出进上](?:单|货|诊|车|库|号|院|票|药)
    (?:卖|发|走|收|出|接|交|付|缴)不(?:了|出去|出)(?:货|钱|款|费)
    (?:{CORE})(?:功能|系统|界面|页面|业务|环节|流程|接口|通道|窗口|终端)?(?:都|全|全部|已经?|突然|一直|今天|完全|现在|也|就|根本)?(?:无法|不能|没法|不了|不上|失败|中断|瘫痪|停|挂|断|全挂|报错|卡死|崩)
    (?:无法|不能|没法|没办法)(?:正常)?(?:{CORE})
    一(?:单|笔|张|个|台|辆|条|件)(?:订单|单子?|货|车|号|人|客人|病人|顾客|会员)?(?:都|也)[^,。]{{0,8}}[不没]
    零(?:订单|成交|进单) 没有?一(?:单|笔|个人|辆|台|个|张)
    [加结点撤开买卖取寄充刷检验放退](?:不了|不成)(?:油|账|帐|餐|单|票|药|货|件|值|卡|钱|款|户) 拿不到药 空等 空转
    手写 手抄 纸质(?:单|登记|流转) 用纸 拿纸 纸笔 手工(?:开单|登记|记账|放行|收费|收款|记录)
    人工(?:放行|登记|通道|收费|报|喊|派|记|开) 靠喊 挨个登记 跑腿
    (?:一|每)(?:分钟|小时|个小时|天)[^,。]{{0,8}}(?:损失|亏|几千|几万|上万|万)
    损失(?:惨重|巨大|已经|很大|大了|几|上|谁|不小|每) 违约金 罚款 索赔 赔(?:钱|偿|不起|了)
    抢救 断料 断供 断货 烂[了掉] 报废 变质 来不及救 出人命 人命 误工 误机 误点 晚点 滞留 积压 堆成 堆满
    压了?[^,。]{{0,6}}(?:单|车|货)
    回家 放假 遣散 下班了 散了 走光 走人 跑光 跑单 退单 流失 白跑 骂街 骂人 骂娘 吵起来 炸[了锅] 闹 暴动 群里炸
    保安都?来 警察 媒体 上新闻 热搜 老总 董事长 总裁
    (?:马上|立刻|立即|赶紧|先)[^,。]{{0,6}}(?:回滚|回退|停掉|关停|停了|停用|切换|切回) 救命 求救 十万火急 火烧眉毛
    最高级别 一级 P0 P1 重大事故 生产事故 war_?room
    """,
    r"""
    standstill halt(?:ed|s)? (?:came|come|coming|ground|grinding|brought)_to_a_(?:stop|halt|standstill)
    dead_in_the_water
    (?:stand(?:s|ing)?|stood|sit(?:s|ting)?|sat)_(?:still|idle|around|here|there) idle idling paralysed paralyzed
    shutdown
    shut(?:ting)?_(?:down|the_doors|up_shop) closed_the_(?:doors|shop|store|counter|gates?|line|ward)
    lines?_(?:are|is|has|have)_(?:down|stopped)
    (?:has|have|had_to|we've|they've|they|production|everything|work|dispatch|shipping|trading|picking|packing|admissions)_(?:\w{1,12}_)?(?:stopped|ceased|stop)
    nothing_(?:has_been|is_being|can_be|gets|was|is|moves|leaves|goes_out|goes_in)(?:_\w{1,12})?
    (?:not_(?:one|a_single)|no|zero)_(?:single_)?(?:new_|online_|customer_|card_)?(?:orders?|sales?|bookings?|reservations?|payments?|parcels?|trucks?|calls?|applications?|claims?|trades?|tickets?|transactions?|patients?|deliver(?:y|ies)|shipments?)
    (?:cannot|can't|cant|can_not|unable_to|not_able_to|couldn't|could_not|impossible_to|no_way_to|nobody_can|no_one_can|none_of_\w{1,15}_can|able_to)_(?:\w{1,12}_){0,3}(?:sell|ship|trade|bill|charge|order|pay|check_out|checkout|check_in|produce|dispense|admit|discharge|dispatch|deliver|operate|serve|work|buy|book|board|invoice|take_(?:\w{1,12}_){0,2}(?:orders?|payments?|calls?|money|cards?|bookings?)|ring_up|process_\w{1,12}|accept_\w{1,12}|place_\w{1,12}|let_\w{1,12}_in|load_\w{1,12}|start_\w{1,12})
    (?:payments?|orders?|trades?|checkouts?|transactions?|bookings?|cards?|calls?)_(?:are|is|were)_(?:not|all|being|no_longer)_(?:\w{1,12}_)?(?:going|coming|processed|rejected|declined|failing|refused|getting|taken|accepted|dropped)
    (?:payments?|orders?|trades?|checkouts?|transactions?|bookings?|sales)_(?:all_)?(?:fail|bounce|stopped|stop|have_stopped)
    (?:writ(?:e|es|ing)|wrote|do(?:ing)?|tak(?:e|ing)|serv(?:e|ing)|issu(?:e|ing)|process(?:ing)?)_(?:\w{1,12}_){0,3}by_hand
    (?:shut|closed|stopped)_(?:down_)?(?:the|our|all|every|selling|sales|picking|giving)(?:_\w{1,12})?
    pen_and_paper paper_(?:forms|maps|lists|slips|tickets|records|charts) on_paper on_whiteboards?
    by_(?:radio|phone|fax) handwrit(?:ten|ing) shouting running_blind blind
    (?:is|are|been|were|have_been|people|trucks|customers|patients|passengers|guests|vans|drivers|pupils|students|lorries|crews?)_(?:\w{1,12}_){0,3}(?:waiting|queu(?:e|es|ing|eing)|stuck|stranded|lined_up|piling_up|backed_up|parked)
    queues?_(?:\w{1,12}_){0,3}(?:everywhere|out|outside|round|around|down|growing|are|is|of|at|in_front|to_the)
    (?:long|huge|endless|growing)_(?:queues?|lines?) backlog piling_up pile_up
    outside_(?:the|our|and) in_the_yard
    (?:los(?:ing|t|e)|cost(?:s|ing)|burning)_(?:\w{1,12}_){0,3}(?:money|sales|orders?|revenue|customers|business|thousands?|hundreds?|euros|dollars|pounds|an_hour|a_minute|per_hour|per_minute)
    (?:sent|send|sending|going|went|go)_(?:\w{1,12}_){0,2}home walk(?:ing|ed)?_(?:out|away) hang(?:ing)?_up
    panic(?:king)? furious chaos press social_media regulator ambulances? police
    emergency life-threatening war_?room sev-?1 p1 p0 all_hands mayday (?:clock|meter)_is_(?:running|ticking)
    roll_(?:it_)?back_(?:now|immediately) fire_brigade ceo the_minister
    whole_(?:day|morning|shift|business) turn(?:ed|ing)?_(?:\w{1,12}_){0,2}away diverted grounded
    cancelled_(?:all|surgeries|flights|classes)
    """,
)
OUTAGE = words(
    r"""
    (?:服务器?|主机|系统|平台|网站|官网|商城|生产|线上|核心|数据库|后台|集群|网关|总线|中台)(?:都|全部?|已经?|突然|又|集体|整个)?(?:宕|挂了|挂掉|崩[溃了]|瘫|全挂|不可用|全部?打不开)
    宕机 全挂 全崩 全断 全黑 不可用 停服 瘫 勒索 被(?:攻击|黑) 中断服务 服务中断 大规模
    """,
    r"""
    outages? black-?out meltdown
    (?:sites?|servers?|systems?|platforms?|production|prod|services?|everything|shops?|webshop|websites?|networks?|databases?|lines?|hosts?|cent(?:er|re)|terminals?|tills?|screens|stores?)_(?:is|are|was|went|has|have|goes|go)_(?:\w{1,12}_){0,2}(?:down|dead|offline|dark|black|unreachable|unavailable|died|gone|shut)
    (?:is|are|went)_(?:completely_|all_|totally_|entirely_)?down hacked ransomware cyber-?attack
    locked_out_(?:of|everyone|everybody|all) all_users_locked
    """,
)
HARM = words(
    r"""
    泄[露漏密] 保密 机密 隐私 别人的[^,。]{0,6}(?:数据|余额|资料|病历|订单|信息|单子?|附件|合同) 互串 互相串 串了 亏(?:本|钱|损|着|了)
    变成?(?:了)?负 负库存 超卖 误发 错发 盗刷 诈骗 违规 合规 监管 危险 事故 不敢(?:开|用|发|执行|动|给) 保不住 出事
    """,
    r"""
    leak(?:s|ed|ing)? confidential privacy
    (?:other|others'|another|someone_else's|the_wrong)_(?:members?|customers?|patients?|people|person|clients?|tenants?|users?)(?:'s?|_\w{1,12})?
    at_a_loss for_nothing for_free oversold overselling fraud compliance regulator unsafe danger(?:ous)? safety
    getting_cold food_is_cold
    """,
)
WAITING = words(
    r"""
    排(?:起|着|成|到|了)?[^,。]{0,3}(?:队|长龙|门外|门口|马路|大街|楼下) 堵(?:着|在|满|住|门|了|死) 挤(?:满|在|着)
    围[着在住满了]
    (?:客人|顾客|病人|患者|客户|旅客|乘客|学生|考生|家长|居民|群众|村民|司机|骑手|车辆?|货车|卡车|会员|买家|用户|投资者|业主|员工|工人|人)[^,。]{0,8}(?:等|堵|排队|骂|催|走了|吵|急|闹|投诉|不肯走|站在|进不|出不|上不)
    (?:门外|门口|楼下|大厅|窗口|现场|柜台|月台|闸口)[^,。]{0,10}(?:等|堵|排|站|人|乱|满|吵) 打爆 电话不断
    接电话接到 投诉(?:电话|不断|一片|爆|潮)
    """,
    r"""
    (?:customers|patients|guests|drivers|passengers|people|students|callers|clients|shoppers|buyers|citizens|trucks|vans|visitors|fans)_(?:\w{1,12}_){0,3}(?:wait|waiting|queue|queuing|queueing|leave|leaving|left|complain|complaining|shouting|angry|calling|phoning|give_up|outside|stuck|hang_up|turn(?:ed)?_away|standing)
    phones?_(?:are|is|keep|keeps|won't|don't|lines)_(?:\w{1,12}_)?(?:ringing|stop|red_hot|melting|on_fire) swamped
    flooded overwhelmed
    """,
)
NOT_EACH_TIME = r"(?<!每次)(?<!每回)(?<!次次)(?<!回回)(?<!每天)(?<!天天)"  # "crashes each time" is no crowd
CROWD = words(
    r"""
    全(?:公司|院|厂|校|市|省|国|线|部|员|体(?!验|系|制)|集团|所|店|车间|科|办公室|楼|区|网|行|班|组|站|县|部门|平台|城|场|镇|乡|中心|连锁|渠道|业务|系统|团队|渠|球|球|工地|库区)(?!满意)
    所有(?!权|者) 大家 大伙 谁都?[^,。]{0,6}[不没] 没(?:有)?(?:一个)?人能 人人
    每个(?:人|用户|门店|客户|同事|员工|学生) 每[家台]
    各(?:个)?(?:店|分公司|门店|部门|科室|站|网点|厂|分厂|营业厅|校区|楼|院区|工位|窗口|客户|地|区县|县|市)
    整[个家栋座层条] 大面积 大范围 大批 大量 普遍 一大片 一片(?:红|灰|黑|白|空|哀|骂) 成百上千 成千上万
    上[百千万][个家人名台号位单] [几好数]?[几数好][百千万十]多?[个家人名台号位来单辆张条户] 两三百 一众 同事们
    NOT_EACH_TIME都(?:登|进|打|用|上|连|看|收|下|开|刷|扫|提|说|报|卡|断|挂|停|瘫|崩|闪退|掉线|离线|黑屏|白屏|一样|不能|不行|没|无法|不了|在等|在喊|在骂|动不)
    家家 户户
    (?:[两三四五六七八九十百千几数]|\d{1,5}){1,4}多?(?:家|个|座|所|间|条)(?:门?店|工?厂|车?站|网点|药房|医院|校区|仓库?|机场|营业[部厅]|分公司|分店|餐厅|酒店|诊所|车间|产线|闸口|窗口|柜台|院区|园区)
    (?:总部|分公司|门店|店铺|厂区|车间|工位|窗口|终端|柜台|产线|机台|服务器|设备|网点)[^,。]{0,4}(?:全|都|统统|一律|集体|同时)
    NOT_EACH_TIME(?:全|都|统统|通通|一律|集体|纷纷|接连|同时|无一)(?:部)?(?:登不|进不|打不|用不|上不|连不|看不|收不|下不|开不|不能|不行|无法|没法|离线|掉线|黑屏|白屏|卡死|闪退|报错|停|挂|断|瘫|崩)
    """.replace("NOT_EACH_TIME", NOT_EACH_TIME),
    r"""
    everyone everybody nobody no-one no_one
    (?:all|whole|entire)_(?:of_)?(?:\w{1,15}_){0,4}(?:users?|customers?|employees|people|staff|stores?|shops?|branch(?:es)?|sites?|company|office|department|team|warehouses?|plants?|factory|hospital|campus|region|country|city|schools?|agents|tills?|terminals?|desks?|lines?|wards?|clinics?|stations?|screens|devices|drivers|passengers|students|pupils|organi[sz]ation|business|floor|building|hotel|fleet|network|platform|tenants?|us|them|system|website|production|firm)
    all_(?:\d{1,6}|\w{1,12}_hundred|six|seven|eight|nine|ten|twelve|twenty|thirty|forty|fifty|sixty)
    every_(?:single_)?(?:user|customer|employee|store|shop|branch|site|till|terminal|desk|ward|device|client|agent|patient|passenger|order|payment|line|machine|station|one|site|office|team|driver|student|screen|counter|till|gate|phone|plant|warehouse|account|workstation|request|login)
    none_of_(?:us|them|our|the|my)
    (?:not_(?:one|a_single)|no_(?:single_)?(?:user|customer|one|agent|driver|store|shop|employee|passenger|patient|nurse|doctor|till|student|machine|device|terminal))
    (?:company|hospital|site|nation|country|campus|plant|city|state|region|fleet|network|world|office|tenant)-?_?wide
    across_(?:the|all|our)_(?:\w{1,12}_)?(?:company|country|region|board|group|sites|stores|branches|network|organi[sz]ation|plants?|campus|hospital|business)
    (?:hundreds|thousands|dozens|scores)_of
    both_(?:plants|sites|warehouses|offices|data_cent(?:er|re)s|terminals|branches|hospitals)
    (?:our|all|the)_\d{1,5}_(?:\w{1,12}_)?(?:plants|sites|branches|hospitals|factories|warehouses|stores|shops|clinics|restaurants|agents|tills|terminals|seats|users|offices|schools|homes|tenants)
    not_a_single_(?:one_of|\w{1,12}_of) for_any_of any_of_the
    (?:three|four|five|six|seven|eight|nine|ten|several|many|\d{2,5})_(?:\w{1,12}_)?(?:plants|sites|branches|hospitals|factories|warehouses|stores|shops|clinics|countries|terminals|offices|schools|airports|stations)
    many_(?:\w{1,12}_)?(?:users|customers|people|colleagues|employees|clients) everywhere
    """,
)
PARTIAL = words(
    r"""
    只有 就(?:我|这|他|她|它|那|一|两|三|中通|本)[^,。]{0,5} 仅仅? 个别 部分 某[个些一家位款种台] 唯独 单单 偏偏
    光是 有(?:的|些|几|时|一)[^,。]{0,2}
    (?:一|两|二|三|四|五|六|七|八|九|几|2|3|4|5|6|7|8|9)(?:位|台|个|张|份|家|笔|条|种|项|单|名|款|间|辆|批|封)(?!小时|月|半|星期|礼拜|人都|门店都|厂|小|半|都|也)
    (?:其他|其它|其余|别的|另外|旁边|隔壁|同事|别人|人家|他们|她们|大家|别处|其)[^,。]{0,14}(?:正常|没事|没问题|好好的|是好的|可以|都行|能用|能[登打开进用看提导]|不会|没这|没有这|对的|齐|不受|照常|都有|都在|没动|都能|都是对|都对|OK|ok|fine|没有问题|没有影响)
    除了?[^,。]{1,12}(?:外|之外|以外)?[^,。]{0,4}(?:都|其他|其余|正常) 除此之外
    (?:正常|没事|没问题|不受影响|可以用|能用|好好的|可用|照常)(?!了|吗) 不受影响 偶尔 有时候? 时不时 间歇 时好时坏
    概率 不是每次 十次有
    (?:先|暂时|目前|只好|只能|可以|能|临时|一直|现在)(?:用|拿|靠|手工|手动|借|改成|改用|绕|换|一张|一条|分|人工|凑合|顶|自己|让同事|走|截图)[^,。]{1,14}
    凑合 顶着 绕过 绕开 替代 变通 代替
    (?:重试|重启|再点|再试|多点|刷新)[^,。]{0,5}(?:能|就好|就行|可以|又好|就过)
    手[工动](?:补|改|录|输|填|加|算|做|建|导|传|统计|点) 自己(?:补|改|录|垫|算) 慢但 只是 就是有点 不算
    (?:大的|小的|多的|长的|数据量大|超过|大于|三天以内|短的)[^,。]{0,10}(?:才|就|可以|能|正常)
    """,
    r"""
    only just_(?:me|one|the|us|two|this|my|in|for|a) one_of_(?:our|the|my|us|\w{1,10})
    some_(?:of|customers|users|people|orders|items) a_(?:few|couple|handful|single|colleague) certain individual
    (?:other|others|everyone_else|everybody_else|everything_else|anyone_else|elsewhere|the_rest|rest|colleagues?|remaining)(?:_\w{1,15}){0,6}_(?:fine|ok|okay|works?|working|normal|normally|right|can|complete|unaffected|good|correct|correctly|direct|succeed|go_through|are|is|were|was|do|does|have|has)
    (?:everyone|everybody|everything|anyone|nothing|no_one|nobody)_else except apart_from other_than aside_from
    (?:is|are|works?|working|was|were|still)_(?:perfectly_|all_|just_|still_)?(?:fine|ok|okay|normal|all_right|alright|right|unaffected|correct|complete|good)
    (?:is|are|was|were)_(?:right|correct|complete|fine|ok)
    workaround work-around work_around by_hand manually for_now meanwhile in_the_meantime instead
    for_the_time_being until_then temporarily can_live_with can_still still_(?:works?|works|keep|running|possible)
    keep_working
    sometimes occasionally intermittent(?:ly)? now_and_then every_now random(?:ly)? once_in_a_while
    (?:one|two|three|four|five|2|3|4|5)_(?:of_(?:us|them|our|the)|users?|people|colleagues?|customers?|orders?|records?|rows?|invoices?|items?|machines?|documents?|files?|designers?|families|drivers)
    (?:goes?|go|get|gets|went)_through retry retrying
    """,
)
MINOR = words(
    r"""
    不(?:太|是很|是特别|算|用|必)?(?:着?急|紧急|赶|严重)(?!吗) 别着急 不影响(?!.{0,3}吗)(?!其他|其它|其余|别的)
    没(?:什么|啥|有)?影响 没耽误 不耽误 不碍事 不妨碍 没人受影响 没有人受 无伤大雅 无关紧要 不要紧 不打紧 无所谓
    瑕疵 小毛病 小问题 小[bB]ug 小事 小细节 错别字 强迫症 有空(?:了|的话|时|再|改|看|处理)
    (?:啥|什么)时候有空 慢慢[来改修] 顺手 顺便(?:改|提|反馈) 记一?下(?:就|即)? 提一嘴 说一声 先登记 登记一?下
    备个?案 不是大 没大碍 能用 习惯了 看着别扭 不美观 不好看 丑 排版 对齐 有点歪 下个?版本?再 以后(?:再|改)
    优先级低 低优先级 不催
    """,
    r"""
    no_(?:hurry|rush|urgency|harm|big_deal|problem_for_us|drama|impact|one_is|one's)
    not_(?:urgent|a_big|serious|critical|important|a_blocker|blocking|pressing|in_a_hurry|a_priority|the_end|dramatic|bothered)
    nobody_(?:is|was|has_been)_(?:blocked|held|affected|stopped|hindered|hurt|bothered)
    no_?one_(?:is|was)_(?:blocked|held|affected|stopped|hindered)
    cosmetic(?:ally)? typos? misspel(?:t|ling|led) tiny minor trivial harmless nitpick low_(?:priority|prio)
    whenever when_you_(?:have|get|find)_(?:a_)?(?:time|moment|minute|round) for_the_backlog can_wait purely_visual
    (?:i|we)_can_live doesn't_(?:matter|bother|hurt|affect) does_not_(?:matter|bother|hurt|affect|block)
    just_(?:saying|so_you_know|fyi|noting) fyi log_it small_(?:thing|flaw|detail|glitch) rounding pixels? ugly
    next_release some_day someday at_your_(?:leisure|convenience)
    """,
)
PRESSED = words(
    r"""
    今天(?:要|得|必须|就|之前|内|下班|截止|是最后|下午|晚上|中午|上午|结关|申报|关账|关帐|月底|就得|需要|得要)
    今晚 今夜 明早 明天(?:就|一早|要|得|必须|早上|上午|是|报|发|交|开|到期|截止|结) 截止 最后一天 最后期限 到期前
    来不及 (?:点|钟|时|日|号|天|周[一二三四五六日])(?:之前|前|以前)(?:要|必须|得|交|完|报|提交|申报|上报|发|付)?
    小时[后内] 分钟[后内] 半小时 一会儿?(?:就|要) 马上(?:要|就|到|开|得) 立[马刻即] 赶紧 赶快 加急 十分钟 催
    在?等(?:着|我|他|钱|米|货|款|签|结果) 就等 急[用等着!。,]|^急 很急 急急 着急(?!吗) 就我(?:一个|一人|有|能)
    只有我 我是唯一 唯一 别人(?:都)?没(?:有)?权限 就一个 在旁边 罚(?:款|金) 滞纳金 违约 开标 投标 招标
    审计(?:明|今|在|进|要|马) 老板(?:在|要|半|等) 领导(?:在|要|等)
    """,
    r"""
    due_(?:today|at|tomorrow|by|tonight|this|in) deadline
    by_(?:noon|five|four|three|six|two|one|tonight|today|tomorrow|end_of|close_of|eod|cob|\d{1,2}|the_end)
    (?:today|tonight) this_(?:afternoon|evening|morning)
    (?:in|within)_(?:\w{1,8}_)?(?:minutes|an_hour|hours|the_hour)
    at_(?:noon|\d{1,2}_?(?:am|pm|:)|three|four|five|midnight|\d{1,2}) tomorrow
    only_(?:one|person|approver|i_can|i_have|me) (?:i'm|i_am|he_is|she_is)_the_(?:only|sole)
    nobody_else_(?:can|has|may) sole asap urgent(?:ly)? immediately right_now at_once
    before_(?:noon|the_end|five|close|tonight|tomorrow|\d) penalt(?:y|ies) fine_of
    auditors?_(?:are|is|come|arrive|coming|tomorrow) closing_(?:today|at|tonight)
    waiting_(?:for|on)_(?:me|it|this|my|the) must_(?:be|go|send|file|submit|pay|sign|approve) boarding flight
    unless_i
    """,
)
DEFECT_OF_LOOK = words(
    "字体太 颜色 错别字 对齐 歪 图标 按钮.{0,4}(?:太小|文字|遮) 提示语 拼写 页脚 间距 滚动条",
    "colou?r typo font icon spelling footer tooltip alignment logo spacing caption scrollbar wording label_text",
)
