"""Names of companies and people, as they are compared.

`normal` brings a name into one spelling: two that are normal in the same way are the same name, written in two ways.
`core` leaves out what many names share (region, legal form): two with the same core may be one, which a person says.
"""

from shared.texts import plain

MOST = 200  # characters
# The same legal form in another wording, at the end of a name whose blanks and marks are left out.
FORMS = (
    ("有限责任公司", "有限公司"),
    ("companylimited", "coltd"),
    ("colimited", "coltd"),
    ("limited", "ltd"),
    ("incorporated", "inc"),
    ("corporation", "corp"),
)
LEGAL = ("集团股份有限公司", "股份有限公司", "集团有限公司", "有限公司", "分公司", "集团", "公司")
LEGAL_LATIN = ("coltd", "ltd", "inc", "corp", "llc", "gmbh", "ag", "plc", "sa", "bv", "pty")
_REGIONS = """
    中国 北京 上海 天津 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南
    四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门 深圳 广州 杭州 南京 成都 武汉 苏州
    青岛 宁波 厦门 大连 西安
"""
REGIONS = tuple(_REGIONS.split())
SHORTEST = 2  # characters of a core
ALIKE = 0.6  # Dice's coefficient of the pairs of letters (Dice 1945)


def normal(name: str) -> str:
    """Without width, case, blanks and marks, and with one wording of each legal form."""
    spelt = plain(name, MOST).casefold()
    letters = "".join(letter for letter in spelt if letter.isalnum()) or spelt.strip()
    for long, short in FORMS:
        if letters.endswith(long):
            return letters.removesuffix(long) + short
    return letters


def core(name: str) -> str:
    """What tells a company from others: `华东贸易` of `上海市华东贸易有限公司`."""
    whole = normal(name)
    found = _without_end(whole, LEGAL)
    if found == whole and whole.isascii():
        found = _without_end(whole, LEGAL_LATIN)
    for region in REGIONS:
        rest = found.removeprefix(region)
        if rest != found:
            found = rest.removeprefix("省").removeprefix("市") if len(rest) > SHORTEST else found
            break
    return found if len(found) >= SHORTEST else whole


def likeness(one: str, other: str) -> float:
    """From 0 to 1, by the pairs of neighbouring letters that both have."""
    ours, theirs = _pairs(one), _pairs(other)
    if not ours or not theirs:
        return float(one == other)
    return 2 * len(ours & theirs) / (len(ours) + len(theirs))


def _without_end(name: str, ends: tuple[str, ...]) -> str:
    for end in ends:
        if name.endswith(end) and len(name) - len(end) >= SHORTEST:
            return name.removesuffix(end)
    return name


def _pairs(name: str) -> set[str]:
    return {name[at : at + 2] for at in range(len(name) - 1)}
