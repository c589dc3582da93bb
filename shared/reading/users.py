"""How many people are said to have the fault (P1.2)."""

import re
from collections.abc import Sequence

from shared.reading.clauses import Clause

PEOPLE_CHINESE = (
    "人|用户|员工|同事|医生|医师|护士|店长|老师|教师|学生|操作员|操作工|坐席|座席|客服|司机|工人|会计"
    "|出纳|业务员|销售员?|收银员|经理|成员|家长|工程师|设计师|调度员|柜员|营业员|主管|文员|快递员"
    "|骑手|患者|会员|学员|居民"
)
CHINESE = re.compile(
    rf"(?<![\d.:一二两三四五六七八九十百千万第])(\d{{1,7}}|[一二两三四五六七八九十百千万]{{1,8}})(?:几"
    rf"|多|来|余)?(?:(?:{PEOPLE_CHINESE})|[个位名][\u4e00-\u9fff]{{0,3}}?(?:{PEOPLE_CHINESE}"
    rf"|[师员生士])(?![端版卡证])|号人)"
)
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
WORD = "|".join([*TENS, *sorted(ONES[2:], key=len, reverse=True)])
PEOPLE = (
    "people|users?|staff|agents|nurses|doctors|clinicians|physicians|employees|colleagues|engineers"
    "|teachers|students|drivers|operators|cashiers|managers|members|customers|contractors|workers"
    "|accountants|clerks|analysts|developers|advisers|advisors|consultants|officers|technicians"
    "|pharmacists|dispatchers|planners|buyers|reps|patients|guests|persons|parents|traders|sellers"
    "|salespeople|pickers|designers|tellers|readers|players|subscribers"
)
ENGLISH = re.compile(
    rf"(?<![\w.,:-])(\d{{1,3}}(?:,\d{{3}}){{1,2}}|\d{{1,7}}"
    rf"|(?:{WORD})(?:[ -](?:{WORD}))?(?: hundred)?)(?: of (?:us|them|our)"
    rf"|(?: [a-z]{{2,14}})? (?:{PEOPLE}))(?![A-Za-z])",
    re.IGNORECASE,
)
DIGITS = {one: at for at, one in enumerate("零一二三四五六七八九")} | {"两": 2}
UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
MOST = 100_000_000


def users_of(clauses: Sequence[Clause], faulty: set[int]) -> int | None:
    """The first number of people in a sentence that tells of the fault, or beside one; `faulty` are those that do."""
    for clause in clauses:
        if (
            not clause.holds
            or clause.over
            or (faulty and faulty.isdisjoint(range(clause.sentence - 1, clause.sentence + 2)))
        ):
            continue
        for pattern, read in ((CHINESE, number_in_words), (ENGLISH, _english)):
            found = pattern.search(clause.bare)
            if found and (count := read(found[1].lower())) > 1:
                return min(count, MOST)
    return None


def number_in_words(text: str) -> int:
    """A whole number in Chinese characters, or in digits."""
    if text.isdigit():
        return int(text)
    total = section = digit = 0
    for one in text:
        if one in DIGITS:
            digit = DIGITS[one]
        elif UNITS[one] == 10_000:
            total, section, digit = (total + section + digit) * 10_000, 0, 0
        else:
            section, digit = section + (digit or 1) * UNITS[one], 0
    return total + section + digit


def _english(text: str) -> int:
    if text[0].isdigit():
        return int(text.replace(",", ""))
    total = 0
    for word in text.replace("-", " ").split():
        if word == "hundred":
            total = (total or 1) * 100
        else:
            total += TENS.index(word) * 10 + 20 if word in TENS else ONES.index(word)
    return total
