"""First diagnosis: category, priority, why, and how sure (P2.2, P2.3); words, impact and solved cases decide."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from services.triage.diagnosis import patterns
from services.triage.diagnosis.patterns import Cue
from shared.events import Problem, Reason, Suggestion
from shared.terms import Category, Priority, Text
from shared.texts import plain

MAX_TEXT = 40_000
CONFIRM_AT = 0.7
STRONG_SCORE = 0.5
EXACT_VOTE = 8.0
TRACE_VOTE = 2.0
MAX_REASONS = 8
SPACES = re.compile(r"[ \t]+")


@dataclass(frozen=True)
class Diagnosis:
    category: Category
    priority: Priority
    reasons: list[Reason]
    confidence: float
    suggestions: list[Suggestion] = field(default_factory=list)

    @property
    def is_confident(self) -> bool:
        return self.confidence >= CONFIRM_AT


@dataclass(frozen=True)
class Found:
    """A cue, and the words in which it was met."""

    cue: Cue
    words: str

    def reason(self) -> Reason:
        means = self.cue.means
        return Reason(en=f"'{self.words}' says that {means.en}", zh=f"“{self.words}”说明{means.zh}")


def classify(
    problem: Problem, suggestions: Sequence[Suggestion] = (), has_trace: bool = False, many_users: int = 20
) -> Diagnosis:
    text = _plain("\n".join([problem.title, problem.description, problem.error_text]))
    priority, why_priority, sure = _priority(problem, text, has_trace, many_users)
    category, why_category, confidence = _category(text, suggestions, has_trace, priority)
    reasons = list(dict.fromkeys([*why_priority, *why_category]))[:MAX_REASONS]
    return Diagnosis(category, priority, reasons, round(min(confidence, sure), 2), list(suggestions))


def _priority(problem: Problem, text: str, has_trace: bool, many_users: int) -> tuple[Priority, list[Reason], float]:
    core = _first(patterns.CORE_BUSINESS, text)
    trouble = _first(patterns.TROUBLE, text)
    crowd = _first(patterns.MANY_PEOPLE, text)
    asking = _first(patterns.ASKING, text)
    users = problem.users_affected or 0
    blocked = bool(problem.business_blocked)
    hurts = bool(core or trouble or blocked or has_trace or problem.error_text) or not asking
    why: list[Reason] = []
    if core:
        why.append(core.reason())
    if blocked:
        why.append(Reason(en="the customer says that business is blocked", zh="客户反映业务受阻"))
    if users >= many_users and hurts:
        why.append(Reason(en=f"{users} users are affected", zh=f"受影响用户 {users} 人"))
    if crowd and hurts:
        why.append(crowd.reason())
    one_user = blocked and users == 1 and not core
    if why and not one_user:
        return Priority.URGENT, why, 0.9
    if one_user or (trouble and trouble.cue.weight == 2) or has_trace:
        if trouble:
            why.append(trouble.reason())
        elif has_trace:
            why.append(Reason(en="it comes with a stack trace", zh="附有异常堆栈"))
        return Priority.HIGH, why, 0.6 if asking and not has_trace else 0.85
    if asking:
        why.append(asking.reason())
    elif trouble:
        why.append(trouble.reason())
    else:
        why.append(Reason(en="nothing says that it is pressing", zh="未见紧急情形"))
    return Priority.NORMAL, why, 0.9 if asking else 0.6


def _category(
    text: str, suggestions: Sequence[Suggestion], has_trace: bool, priority: Priority
) -> tuple[Category, list[Reason], float]:
    votes = dict.fromkeys(Category, 0.0)
    why: dict[Category, list[Reason]] = {category: [] for category in Category}
    for category, signs in patterns.CATEGORIES.items():
        met: dict[str, Found] = {}
        for found in _all(signs, text):
            met.setdefault(found.words, found)
        for found in sorted(met.values(), key=lambda found: -found.cue.weight)[:4]:
            votes[category] += found.cue.weight
            why[category].append(found.reason())
    if has_trace:
        votes[Category.FUNCTION] += TRACE_VOTE
        why[Category.FUNCTION].append(Reason(en="it comes with a stack trace", zh="附有异常堆栈"))
    for one in suggestions:
        if one.category is None or not (one.exact or one.score >= STRONG_SCORE):
            continue
        votes[one.category] += EXACT_VOTE if one.exact else 2 * min(one.score, 1.0)
        how = Text("the same error", "相同错误") if one.exact else Text("a similar case", "相似案例")
        why[one.category].insert(
            0, Reason(en=f"{how.en} was solved in '{one.title}'", zh=f"{how.zh}已收录：{one.title}")
        )
    best = max(votes, key=lambda category: votes[category])
    if not votes[best]:
        fallback = Category.OPERATION if priority is Priority.NORMAL else Category.FUNCTION
        nothing = Reason(en="no word gives the category away; please check", zh="未识别出类别特征，请人工核对")
        return fallback, [nothing], 0.2
    return best, why[best][:3], votes[best] / (sum(votes.values()) + 1)


def _first(signs: Iterable[Cue], text: str) -> Found | None:
    return next(_all(signs, text), None)


def _all(signs: Iterable[Cue], text: str) -> Iterator[Found]:
    """Where a cue is met and not denied, each of its words once; `没有崩溃` is no crash."""
    for cue in signs:
        met: set[str] = set()
        for match in cue.pattern.finditer(text):
            if match[0] not in met and not _denied(text, match.start()):
                met.add(match[0])
                yield Found(cue, match[0].strip())


def _denied(text: str, at: int) -> bool:
    before = patterns.CLAUSE_ENDS.split(text[max(0, at - 24) : at])[-1]
    return bool(patterns.NOT_BEFORE.search(before))


def _plain(text: str) -> str:
    return SPACES.sub(" ", plain(text, MAX_TEXT).lower().replace("’", "'"))
