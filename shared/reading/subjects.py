"""Words for what a message is about, by which its category is found (P2.2)."""

from shared.reading.words import words

MACHINE = words(
    r"""
    打印机 打印(?:服务|驱动) 扫码枪 扫描[仪枪] 读卡器 高拍仪 摄像头 电子秤 地磅 钱箱 客显 小票机 标签机 热敏
    加密狗 U盾 [uU]key UKey Ukey PDA pda 平板 触摸屏 显示器 双屏 键盘 鼠标 耳机 麦克风 主板 内存(?!溢出) 硬盘 显卡
    CPU cpu 机箱 主机 电源 路由器?
    交换机 网卡 网线 串口 USB usb 蓝牙 扩展坞 拓展坞 手写板 签字板 网关 工控机 瘦客户机 一体机 新电脑 新笔记本
    旧电脑 老电脑 换(?:了)?[^,。]{0,6}(?:电脑|机器|设备|笔记本|主机|手机|路由|网络|打印|硬盘|秤|机) 硬件 机型 型号
    驱动(?!力) 固件 服务器(?!上保留) 机房 断电 停电 UPS 配置(?:要求|多高)
    """,
    r"""
    printers?(?!_app) scanners? card_readers? readers? webcams? cameras? scales? cash_drawers? docking dock
    dongles? tokens? usb bluetooth monitors? keyboards? headsets? laptops? workstations? tablets? handhelds?
    hardware cpu ram disk disks ssd hard_drive motherboard graphics_card gpu
    drivers?(?!_(?:has|have|is|are|app|waiting|cards?|in|can)) firmware routers?
    switch(?:es)?(?=_(?:died|failed|is_down|port|config|in_the)) racks? server_room
    power_(?:cut|outage|failure|supply)
    new_(?:pc|laptop|computer|machine|phone|tablet|device|server|printer|router|scanner) serial_port appliance
    thin_clients? hosts?
    """,
)
NETWORK = words(
    r"""
    网络 断网 联网 上网 外网 内网 宽带 带宽 专线 光纤 光缆 Wi-?Fi 无线 信号 VPN vpn 防火墙
    代理(?:服务器|上网|设置) 端口 DNS dns 域名 IP(?:地址)? 连不[上到通] 连接(?:超时|失败|不上|被|中断) ping 丢包
    延迟 网段 负载均衡 证书 SSL ssl TLS tls HTTPS https 网管 运营商 白名单 割接 网闸 隔离 远程桌面
    """,
    r"""
    networks? internet wi-?fi vpn firewall(?:s)? prox(?:y|ies) ports? dns domain ip ip_address(?:es)? latency
    bandwidth connection_(?:refused|timed|lost|drops) certificates? ssl tls https load_balancer provider isp fibre
    fiber router wan lan subnet gateway_certificate whitelist(?:ed)? allowlist remote_desktop rdp citrix airplane
    offline handshake reachable unreachable
    """,
)
SYSTEM = words(
    r"""
    (?:操作)?系统(?:升级|更新|补丁|重装|版本(?!号)) 重装(?:系统|了) 打(?:了)?补丁 补丁 装不上 安装(?!费|师傅|工)
    卸载 装(?:好|完|了|不|上|到|在) 升级到?(?:了)?_?(?:Win|win|mac|Mac|iOS|Chrome|安卓|谷歌|Edge|鸿蒙|Android)
    浏览器 兼容 适配 国产化 信创 麒麟 统信 鸿蒙 达梦 金仓 杀毒 360 病毒库 安全软件 杀软 误杀 隔离区 注册表 \.NET
    dotnet Java JDK jdk 运行库 组件 控件 插件 ActiveX 字体(?!太|小|大|能) 分辨率 缩放 权限不足以安装 磁盘 C盘 D盘
    空间不足 盘(?:满|爆) 内存不足 虚拟机 容器 镜像 部署 Docker docker K8s k8s 云服务器
    数据库(?:升级|盘|版本|起不|连接) 起不来 重启(?:后|之后|服务器) 服务器(?:重启|升级|迁移|搬|打)
    旧版|新版(?:浏览器|系统) 内核 驱动
    """,
    r"""
    windows_updates? os_update operating_systems? install(?:s|ed|er|ation|ing)?(?!_(?:by|payment))
    uninstall(?:ed)? reinstall(?:ed)? compatib\w{1,10} certified
    supported_(?:browsers?|platforms?|on|versions?|os) requirements prerequisites minimum browsers? chrome firefox
    edge safari chromium patch(?:ed|ing|es)? rebooted reboot antivirus virus_(?:scanner|scanning|definitions)
    quarantin\w{1,4} defender disk_(?:space|full|is_full) out_of_memory jdk jre java_\d{1,2} \.net node_\d{1,2}
    python_\d runtime docker container(?:s)? kubernetes k8s helm vm virtual_machine hyper-?v vmware citrix
    domain_controller active_directory group_policy registry service_(?:refuses|won't|does_not|will_not)_start dll
    glibc elf plug-?in add-?in extension resolution scaling high_dpi os
    upgrade_to_(?:windows|macos|ios|android|chrome)
    """,
)
LOST = words(
    r"""
    丢失 丢了 丢数 丢单 丢件 没了(?!反应|下文|声|动静|响应) 不见了 消失 不翼而飞
    (?:少|缺|漏)了[^,。]{0,6}(?:条|笔|张|个|份|行|天|单|家|件|人|户|封|钱|块|元|段) 只剩
    (?:一个|一张|一条|一份|全)?不剩
    被删 删(?:了|掉|没|光)(?!除权) 误删 清空 清零 归零 全是?(?:零|0)(?!件) 变成了?(?:零|0) 是空的? 空白记录 查无
    缺失 缺了 漏(?:单|掉|记|传) 没(?:有)?(?:进来|到账|入账|入库|写进|存上|存进|保存上|记上) 存不住 白(?:录|填|写)
    """,
    r"""
    lost missing gone vanish(?:ed|es)? disappear(?:ed|s)? wiped deleted dropped empty blank zero(?:es|ed|s)?
    absent never_arrived (?:are|is|were|was)_not_(?:there|in) nowhere_to_be_found cleared erased purged truncated
    incomplete
    """,
)
DOUBLED = words(
    "重复(?!提|性|购|问|单点) 两[条遍份笔次张](?!机|线) [两二2]次 多[出了][^,。]{0,6}(?:条|笔|张|个|份|行|单|件) 翻(?:了)?一?倍 双倍 多扣 多算 多收 又(?:来|生成|扣)一",
    "duplicat\\w{1,5} twice double(?:d)? two_(?:invoices|copies|records|entries|payments) again_and_again same_\\w{1,12}_twice",
)
UNEQUAL = words(
    r"""
    对不[上齐平] 对不起来 不一致 不一样 不符 不平 不匹配
    差[了着一几两]?[^,。]{0,4}(?:元|块|分|毛|笔|条|台|件|千|百|万|角) 错位 串(?:了|到|号|单|成) 归属
    混(?:了|在|到|乱) 互换 对调 张冠李戴 变成了?(?:别人|另|负) 是别人的 别家的 负(?:数|库存) 改回 又变(?:回|成)
    被覆盖 覆盖(?:了|掉) 还是(?:上|昨|旧|去年|老) 停在[昨上旧凌周] 没更新 不更新 未更新 多出来?
    比[^,。]{1,10}[多少] 数(?:量|字|据)?(?:不|错|对|乱|有|变) 金额(?:不|错|变|有)
    """,
    r"""
    mixed_up swapped mismatch\w{0,3} don't_(?:match|add_up|agree|tally) doesn't_(?:match|add_up|agree|tally)
    do_not_(?:match|agree) does_not_(?:match|agree) differs? differ last_year's last_week's last_month's
    yesterday's old_(?:values|figures|data|prices)
    wrong_(?:patients?|accounts?|customers?|figures|numbers|records?|values|totals|balances?|branch)
    someone_else's somebody_else's another_(?:\w{1,12})'s which_one_is_right negative overwritten outdated stale
    not_the_same off_by less_than more_than incorrect_(?:stock|balance|figures|data)
    """,
)
MOVED = words(
    r"""
    同步 (?:没|未|不)?传(?:过来|过去|到|上来) 推送不 回写 导[入进](?:来|后|的|时|到|少|漏|了|失败)? 迁移 合并 对接
    抽取 采集 下发 上报 接口(?:同步|取数|拉取) 落地 入库(?:失败|不) 拉取 取数
    """,
    r"""
    sync(?:s|ed|ing|hroni[sz]\w{1,6})? out_of_sync import(?:s|ed|er|ing)? migrat\w{1,4} merg(?:e|ed|ing)
    transfer(?:red)? replicat\w{1,4} feed etl uploads? batch_(?:run|job) nightly posted
    """,
)
KEPT = words(
    r"""
    数据(?!库(?:升级|盘|版本|起)|大屏|线|流量|中心) 恢复(?:数据|备份|到|出来|回来)? 备份 还原 归档 回收站 回滚
    余额 库存 期初 期末 历史(?:数据|记录|单据) 流水 对账 盘点 台账 损坏 勒索 加密了 篡改 泄露 口径 记录 台帐
    主数据 档案 保留 找回
    """,
    r"""
    data(?!_cent) records? rows? backups? back-?up restor\w{1,4} recover(?:ed|y)? corrupt(?:ed|ion)? balances?
    stock_(?:feed|levels?|figures|is) inventory retention retain history ledger reconcil\w{1,6} archive(?:d)?
    recycle_bin roll(?:ed)?_back encrypted ransomware leak(?:ed)? entries database figures totals
    """,
)
USE = words(
    r"""
    密码 口令 账号 帐号 账户 权限 授权 许可 license License 激活 开通 停用 解锁 锁(?:了|定|住) 被锁
    审批(?:人|权|额度) 角色 验证器 MFA 2FA 忘(?:了|记) 重置 操作(?!系统|单|台) 手册 文档 说明书? 教程 培训 课件
    模板 报价 续费 合同 发票(?:抬头|税号|重开|申请) 试用 演示 采购 价格 收费 计费 退款(?:政策)? 设置 配置 在哪
    哪里 怎么 如何 请教 步骤 流程 不小心 手滑 误(?:操作|关|点|提交|审核) 选错 录错 填错 输错 过错 错账 记错 点错
    反审 反结 撤回 撤销 冲红 建议 希望 能不能 可不可以 能否 可否 想 加(?:一)?个 增加 支持 多谢 感谢 谢谢 点赞 表扬
    好评 联系 预约 上门 电话 微信 群 工号 新同事 新人 离职 交接 改名 更名 取消 退订 到期 过期
    """,
    r"""
    passwords? accounts? permissions? roles? access licen[cs]es? licen[cs]ed seats? login_for unlock locked_out
    reset 2fa mfa two-factor authenticator forgot how where_(?:is|do|can|are) manual documentation guide tutorial
    training course webinar template quote quotation price_list contract invoice_(?:address|copy) renewal
    subscription billing demo trial settings? configure configuration by_mistake by_accident accidentally
    mistakenly mistake trainee wrong_(?:warehouse|period|button|month|file|price|customer_group) undo revert_my
    reopen_(?:it|the_period) limit approver approval feature suggestion suggest would_be_(?:nice|great|good)
    would_like could_you can_i can_we may_i is_there is_it_possible do_you thanks? thank_you grateful compliments
    praise kudos appointment schedule newsletter unsubscribe legal_name
    new_(?:colleague|hire|assistant|user|starter|employee) plan_to planning pricing meaning what_does what_is
    """,
)
BEHAVIOUR = words(
    r"""
    报错 出错 错误 异常 崩溃 崩了 闪退 卡死 卡住 卡在 死机 白屏 黑屏 空白 没反应 没有反应 无响应 转圈
    点(?:了|击|不|开)[^,。]{0,6}(?:没|不) 打不开 登不[上进] 登录不 进不去 用不了 导不出 导出(?:失败|不|报) 提交不
    保存不 打不[出了] 查不[到出] 搜不[到出] 不显示 显示不 看不到 计算 算错 算(?:出来|成|多|少) 功能 按钮 页面 菜单
    界面 接口 流程(?:不|没|走|卡) 审批(?:不|走|流|卡) 报表 慢 超时 失败 不弹 弹出 跳(?:到|回|出) 排序 筛选 短信
    验证码 推送 通知 提醒 模块 客户端 小程序 App APP app 网页 升级(?:后|之后|完|以后|了)新版 更新(?:后|之后|以后)
    发版 上线
    """,
    r"""
    errors? crash(?:es|ed|ing)? freez(?:e|es|ing) frozen hangs? spins spinning blank_(?:page|screen) white_screen
    (?:does|doesn't|doesnt|won't|can't|cannot|cant|not)_(?:\w{1,12}_)?(?:open|save|load|submit|print|export|search|find|show|display|calculate|work|start|log_in|sign_in|approve|attach|send)
    button page menu screen dialog form module feature api endpoint webhook report dashboard widget chart search
    filter sort notification(?:s)? push emails? mail sms slow timeouts? times?_out calculat\w{1,5} charged
    discounts? tax label pdf export
    after_(?:the_|your_|yesterday's_|this_|last_)?(?:\w{1,12}_)?(?:update|release|upgrade|deployment) bug glitch
    session wrong_language 50\d
    """,
)
