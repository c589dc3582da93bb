"""First diagnosis: category, priority, why, and how sure (P2.2, P2.3); words, impact and solved cases decide."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from services.triage.diagnosis import keywords
from services.triage.diagnosis.keywords import Keywords
from shared.events import Problem, Reason, Suggestion
from shared.terms import Category, Priority, Text
from shared.texts import plain

MAX_TEXT = 40_000
CONFIRM_AT = 0.7
STRONG_SCORE = 0.5
EXACT_VOTE = 8.0
TRACE_VOTE = 2.0
MAX_REASONS = 8
STACK_TRACE = Reason(en="a stack trace is included", zh="附有异常堆栈")
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
class Match:
    keywords: Keywords
    words: str

    def reason(self) -> Reason:
        meaning = self.keywords.meaning
        return Reason(en=f"'{self.words}' indicates that {meaning.en}", zh=f"“{self.words}”表明{meaning.zh}")


def classify(
    problem: Problem, suggestions: Sequence[Suggestion] = (), has_trace: bool = False, many_users: int = 20
) -> Diagnosis:
    text = _plain("\n".join([problem.title, problem.description, problem.error_text]))
    priority, why_priority, sure = _priority(problem, text, has_trace, many_users)
    category, why_category, confidence = _category(text, suggestions, has_trace, priority)
    reasons = list(dict.fromkeys([*why_priority, *why_category]))[:MAX_REASONS]
    return Diagnosis(category, priority, reasons, round(min(confidence, sure), 2), list(suggestions))


def _priority(problem: Problem, text: str, has_trace: bool, many_users: int) -> tuple[Priority, list[Reason], float]:
    interrupted = _first(keywords.BUSINESS_INTERRUPTED, text)
    failure = _first(keywords.FAILURES, text)
    crowd = _first(keywords.MANY_USERS, text)
    question = _first(keywords.QUESTIONS, text)
    users = problem.users_affected or 0
    blocked = bool(problem.business_blocked)
    hurts = bool(interrupted or failure or blocked or has_trace or problem.error_text) or not question
    why: list[Reason] = []
    if interrupted:
        why.append(interrupted.reason())
    if blocked:
        why.append(Reason(en="the customer reports that business is blocked", zh="客户反馈业务受阻"))
    if users >= many_users and hurts:
        why.append(Reason(en=f"{users} users are affected", zh=f"{users} 名用户受影响"))
    if crowd and hurts:
        why.append(crowd.reason())
    one_user = blocked and users == 1 and not interrupted
    if why and not one_user:
        return Priority.URGENT, why, 0.9
    if one_user or (failure and failure.keywords.weight == 2) or has_trace:
        if failure:
            why.append(failure.reason())
        elif has_trace:
            why.append(STACK_TRACE)
        return Priority.HIGH, why, 0.6 if question and not has_trace else 0.85
    if question:
        why.append(question.reason())
    elif failure:
        why.append(failure.reason())
    else:
        why.append(Reason(en="nothing indicates urgency", zh="未发现紧急迹象"))
    return Priority.NORMAL, why, 0.9 if question else 0.6


def _category(
    text: str, suggestions: Sequence[Suggestion], has_trace: bool, priority: Priority
) -> tuple[Category, list[Reason], float]:
    votes = dict.fromkeys(Category, 0.0)
    why: dict[Category, list[Reason]] = {category: [] for category in Category}
    for category, groups in keywords.CATEGORIES.items():
        matches: dict[str, Match] = {}
        for match in _all(groups, text):
            matches.setdefault(match.words, match)
        for match in sorted(matches.values(), key=lambda match: -match.keywords.weight)[:4]:
            votes[category] += match.keywords.weight
            why[category].append(match.reason())
    if has_trace:
        votes[Category.FUNCTION] += TRACE_VOTE
        why[Category.FUNCTION].append(STACK_TRACE)
    for one in suggestions:
        if one.category is None or not (one.exact or one.score >= STRONG_SCORE):
            continue
        votes[one.category] += EXACT_VOTE if one.exact else 2 * min(one.score, 1.0)
        how = Text("the same error", "相同错误") if one.exact else Text("a similar case", "相似案例")
        why[one.category].insert(
            0, Reason(en=f"{how.en} was solved in '{one.title}'", zh=f"知识库中有{how.zh}：{one.title}")
        )
    best = max(votes, key=lambda category: votes[category])
    if not votes[best]:
        fallback = Category.OPERATION if priority is Priority.NORMAL else Category.FUNCTION
        nothing = Reason(en="no keyword indicates the category; please check", zh="未能识别问题类别，请人工核对")
        return fallback, [nothing], 0.2
    return best, why[best][:3], votes[best] / (sum(votes.values()) + 1)


def _first(groups: Iterable[Keywords], text: str) -> Match | None:
    return next(_all(groups, text), None)


def _all(groups: Iterable[Keywords], text: str) -> Iterator[Match]:
    """Keywords that are not negated, each once; `没有崩溃` is no crash."""
    for group in groups:
        seen: set[str] = set()
        for found in group.pattern.finditer(text):
            if found[0] not in seen and not _is_negated(text, found.start()):
                seen.add(found[0])
                yield Match(group, found[0].strip())


def _is_negated(text: str, at: int) -> bool:
    before = keywords.CLAUSE_END.split(text[max(0, at - 24) : at])[-1]
    return bool(keywords.NEGATED.search(before))


def _plain(text: str) -> str:
    return SPACES.sub(" ", plain(text, MAX_TEXT).lower().replace("’", "'"))
