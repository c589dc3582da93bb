"""What the facts that decided mean, for people to read, and the words in which the customer said it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from shared.events import Evidence, Reason
from shared.reading.assessment import Assessment
from shared.reading.clauses import Clause
from shared.reading.facts import GROUPS
from shared.terms import Text

MOST_WORDS, MOST_QUOTED = 40, 120  # characters that are quoted
MEANINGS: Mapping[str, Text] = {
    "standstill": Text("work stands still", "业务停摆"),
    "waiting": Text("people are waiting", "有人在等待"),
    "outage": Text("a whole system is down", "整个系统不可用"),
    "harm": Text("harm is done: data or money of others, safety", "已造成损害：涉及他人数据、资金或安全"),
    "crowd": Text("many users are affected", "影响大量用户"),
    "many users": Text("many users are affected", "影响大量用户"),
    "partial": Text("only a part is affected, or there is a way around it", "仅部分受影响或有替代办法"),
    "minor": Text("it holds nobody up", "不影响使用"),
    "pressed": Text("time presses", "时间紧迫"),
    "look": Text("it is about how something looks", "属于显示细节"),
    "fault": Text("a function fails", "部分功能失效"),
    "weak": Text("something is wrong", "存在异常"),
    "tells a fault": Text("a function fails", "部分功能失效"),
    "malfunction": Text("a function fails", "部分功能失效"),
    "code": Text("an error is reported", "提示了错误"),
    "access": Text("access is missing", "账号或权限受限"),
    "no malfunction": Text("nothing is said to fail", "未反映故障"),
    "mistaken": Text("it was a mistake of one's own", "属于操作失误"),
    "thanked": Text("this is thanks", "这是致谢"),
    "praised": Text("this is praise", "这是表扬"),
    "asked": Text("this is a question or a suggestion", "这是咨询或建议"),
    "wished": Text("this is a question or a suggestion", "这是咨询或建议"),
    "requested": Text("this is a request", "这是服务请求"),
    "imagined": Text("it is only supposed", "属于假设"),
    "planned": Text("it is planned", "属于计划安排"),
    "past": Text("it is past", "属于过去的情况"),
    "over": Text("it is over", "问题已解除"),
    "denied": Text("it is denied", "已说明并非故障"),
    "machine": Text("hardware is involved", "涉及硬件设备"),
    "network": Text("the network is involved", "涉及网络"),
    "system": Text("the environment is involved", "涉及运行环境"),
    "platform": Text("the environment is involved", "涉及运行环境"),
    "lost": Text("something is lost or missing", "有内容丢失或缺失"),
    "doubled": Text("something is there twice", "有内容重复"),
    "unequal": Text("data do not agree", "数据不一致"),
    "moved": Text("data are moved between systems", "涉及数据传递"),
    "kept": Text("this is about data", "问题与数据有关"),
    "use": Text("this is about using the software", "问题与软件使用有关"),
    "behaviour": Text("a function does not work correctly", "功能异常"),
}
ENDINGS = (" beside the fault", " in the title", " not said")


def reasons(assessed: Assessment) -> list[Reason]:
    """One for each meaning, the one first for which most was said together."""
    found: dict[str, Reason] = {}
    weights: dict[str, float] = defaultdict(float)
    for fact, weight in assessed.evidence:
        name = _group(fact)
        meaning = MEANINGS.get(name)
        if meaning is None:
            continue
        weights[meaning.en] += weight
        if meaning.en in found:
            continue
        words, _ = _said(name, assessed.clauses)
        found[meaning.en] = (
            Reason(en=f"'{words}' indicates that {meaning.en}", zh=f"“{words}”表明{meaning.zh}")
            if words
            else Reason(en=meaning.en, zh=meaning.zh)
        )
    return [found[meaning] for meaning in sorted(found, key=lambda one: -weights[one])]


def evidence(assessed: Assessment) -> list[Evidence]:
    """The facts that spoke for the likeliest priority and category, each with the clause that says it, and the parts of
    words."""
    category = f"category:{assessed.likeliest_category}"
    parts = ((f"priority:{assessed.likeliest_priority}", assessed.evidence), (category, assessed.for_category))
    found = []
    for speaks_for, facts in parts:
        for fact, weight in facts:
            name = _group(fact)
            meaning = MEANINGS.get(name, Text("", ""))
            _, clause = _said(name, assessed.clauses)
            found.append(
                Evidence(
                    source="text",
                    name=fact,
                    speaks_for=speaks_for,
                    weight=round(weight, 3),
                    quote=clause,
                    en=meaning.en,
                    zh=meaning.zh,
                )
            )
    if assessed.words:
        words = " ".join(word.strip() for word, _ in assessed.words)
        weight = round(sum(part for _, part in assessed.words), 3)
        found.append(Evidence(source="words", name=words, speaks_for=category, weight=weight))
    return found


def _group(fact: str) -> str:
    name = fact.removeprefix("malfunction and ")
    if name.startswith("no malfunction and "):
        return "no malfunction"
    for ending in ENDINGS:
        name = name.removesuffix(ending)
    return name


def _said(name: str, clauses: Sequence[Clause]) -> tuple[str, str]:
    """The words, and the clause that they stand in; empty if the fact is none of words."""
    group = GROUPS.get(name)
    for clause in clauses:
        if group and (match := group.search(clause.text)):
            return match[0].strip()[:MOST_WORDS], clause.text.strip()[:MOST_QUOTED]
    return "", ""
