"""One way to write what can be written in several, character by character, so that every place stays where it is."""

FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
TRADITIONAL = (
    "無沒斷連線壞錯誤報現時間開關來進顯傳輸訊資庫網絡電腦機裝備檔體統務單據帳號碼錄記憶異應動發貨門醫師員團隊個幾萬億這還過後對當選擇頁畫點擊鍵盤數張該們會說話請問題變為亂調歸損響閃凍結轉複雜雙導匯處審簽試"
    "驗證權鎖實際邊兩廠產業營銷賣買讀寫錢額費稅紙條從給讓與僅錶誰層樓標準舊貴價級總計劃測運維護檢視領辦聯種較遠遲續繼達覺願滿溫華區縣鄉鎮曆於終絕輕鬆養質閉將預擬聽見須經濟復滾筆夠麼嗎掛撥贏倉車輛學習課講練"
    "剛纔裡隻衝衛離啟認擋攔載燒紅燈癱瘓潰嘗諮詢謝讚樣設幫煩勞雲彈鐘鈴尋詳細適購獎參顧訂閱僱職勢節約麗軟"
)
SIMPLIFIED = (
    "无没断连线坏错误报现时间开关来进显传输讯资库网络电脑机装备档体统务单据帐号码录记忆异应动发货门医师员团队个几万亿这还过后对当选择页画点击键盘数张该们会说话请问题变为乱调归损响闪冻结转复杂双导汇处审签试"
    "验证权锁实际边两厂产业营销卖买读写钱额费税纸条从给让与仅表谁层楼标准旧贵价级总计划测运维护检视领办联种较远迟续继达觉愿满温华区县乡镇历于终绝轻松养质闭将预拟听见须经济复滚笔够么吗挂拨赢仓车辆学习课讲练"
    "刚才里只冲卫离启认挡拦载烧红灯瘫痪溃尝咨询谢赞样设帮烦劳云弹钟铃寻详细适购奖参顾订阅雇职势节约丽软"
)
PLAIN: dict[int, int | str] = {
    **FULL_WIDTH,
    **dict(zip(map(ord, TRADITIONAL), SIMPLIFIED, strict=True)),
    ord("\u3000"): " ",
    ord("\u00a0"): " ",
    ord("\t"): " ",
    ord("’"): "'",
    ord("‘"): "'",
}


def plain(text: str) -> str:
    """Of the same length: full-width letters, digits and marks as ASCII; the traditional characters that words for
    faults and states are written with as simplified ones."""
    return text.translate(PLAIN)
