"""Words that Chinese and English share a meaning for, so that one language finds the other."""

# One meaning a line; the first word stands for all.
SYNONYMS = """
crash 崩溃 闪退 宕机
freeze hang stuck unresponsive 卡死 卡住 死机 无响应 未响应 假死
slow lag sluggish 缓慢 卡顿 很慢 太慢 变慢
error 报错 错误 出错
fail failure failed unable cannot 失败 无法 不能
exception 异常
export 导出
import 导入
login signin logon 登录 登陆
logout signout 退出 注销
password 密码 口令
account 账号 帐号 账户 帐户
permission privilege 权限
order 下单 订单
sync synchronize synchronise synchronization 同步
print printer 打印 打印机
install installation installer setup 安装
uninstall 卸载
upgrade update 升级 更新
backup 备份
restore recover recovery 恢复 还原
upload 上传
download 下载
report 报表
invoice 发票
stock inventory 库存
payment pay 支付 付款
refund 退款
customer client 客户
contract 合同
data 数据
database 数据库
server 服务器
connection connect 连接
network 网络
timeout 超时
browser 浏览器
memory 内存
disk 磁盘 硬盘
file 文件
attachment 附件
email mail 邮件 邮箱
message 消息
notification notify 通知
log 日志
cache 缓存
certificate 证书
configuration config configure setting 配置 设置
version 版本
license licence 许可证 授权 注册码
query search 查询 搜索
save 保存
delete remove 删除
lost lose loss missing 丢失 缺失
duplicate 重复
blank empty 空白 白屏
garbled mojibake 乱码
encoding charset 编码
chinese 中文
font 字体
template 模板
approve approval 审批 审核
workflow 流程
batch bulk 批量
open launch start startup 打开 启动
close 关闭
button 按钮
page 页面
screen 屏幕
display show 显示
mobile phone 手机
app application 应用
driver 驱动
port 端口
firewall 防火墙
antivirus 杀毒软件 杀毒
trade trading transaction 交易
price quote 价格 报价
amount 金额
total 合计 总计
balance 余额
date 日期
time 时间
user 用户
role 角色
remote 远程
interface api 接口
gateway 网关
restart reboot 重启
thread 线程
deadlock 死锁
overflow 溢出
null 空指针
pointer 指针
image picture 图片
column 列
row 行
sheet worksheet 工作表
cell 单元格
"""
