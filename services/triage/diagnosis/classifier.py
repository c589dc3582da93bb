"""First diagnosis: category, priority, why, and how sure (P2.2, P2.3); what is said, impact and solved cases decide."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.triage.diagnosis.meanings import reasons
from shared.events import Problem, Reason, Suggestion
from shared.reading.judgement import Judgement, judge
from shared.terms import Category, Priority

CONFIRM_AT = 0.9  # where 94 of 100 categories are right (`make eval`); an engineer confirms what is less sure
URGENT_AT = 0.6  # of probability: an urgent ticket takes a senior engineer from other work at once (P2.4)
STRONG_SCORE = 0.5
EXACT_VOTE, STRONG_VOTE, TRACE_VOTE = 12.0, 1.0, 1.0  # added to the logarithm of a category's probability
MAX_REASONS = 8
SAYS_NOTHING, UNSURE = {"long", "malfunction", "repair"}, 0.2  # who tells of nothing may mean anything
STACK_TRACE = Reason(en="a stack trace is included", zh="附有异常堆栈")


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


def classify(
    problem: Problem, suggestions: Sequence[Suggestion] = (), has_trace: bool = False, many_users: int = 20
) -> Diagnosis:
    """`many_users`: from how many affected ones on a fault is urgent. What was asked for and answered (users, whether
    business is blocked) outweighs how it was put into words."""
    text = f"{problem.description}\n{problem.error_text}" if problem.error_text else problem.description
    judged = judge(problem.title, text)
    priority, why_priority, sure = _priority(problem, judged, has_trace, many_users)
    category, why_category, confidence = _category(judged, suggestions, has_trace)
    if judged.facts.keys() <= SAYS_NOTHING and not (why_priority or why_category):
        sure = UNSURE
    said = reasons(problem.title, text, judged.evidence)
    why = list(dict.fromkeys([*why_priority, *why_category, *said]))[:MAX_REASONS]
    if not why:
        why = [Reason(en="nothing indicates urgency", zh="未发现紧急迹象")]
    return Diagnosis(category, priority, why, round(min(confidence, sure), 2), list(suggestions))


def likeliest(judged: Judgement) -> tuple[Priority, float]:
    """And how likely it is."""
    if judged.priority[Priority.URGENT] >= URGENT_AT:
        return Priority.URGENT, judged.priority[Priority.URGENT]
    others = {one: chance for one, chance in judged.priority.items() if one is not Priority.URGENT}
    best = max(others, key=lambda one: others[one])
    return best, others[best]


def _priority(
    problem: Problem, judged: Judgement, has_trace: bool, many_users: int
) -> tuple[Priority, list[Reason], float]:
    said, sure = likeliest(judged)
    users = problem.users_affected or 0
    fails = judged.malfunction >= 0.5 or has_trace or bool(problem.error_text)
    why: list[Reason] = []
    if problem.business_blocked:
        why.append(Reason(en="the customer reports that business is blocked", zh="客户反馈业务受阻"))
    if users >= many_users and (fails or problem.business_blocked):
        why.append(Reason(en=f"{users} users are affected", zh=f"{users} 名用户受影响"))
    one_user = users == 1 and said is not Priority.URGENT
    if why and not one_user:
        return Priority.URGENT, why, 0.9
    if said is Priority.NORMAL and (why or has_trace):
        return Priority.HIGH, why or [STACK_TRACE], 0.85
    return said, why, sure


def _category(
    judged: Judgement, suggestions: Sequence[Suggestion], has_trace: bool
) -> tuple[Category, list[Reason], float]:
    scores = {one: math.log(max(chance, 1e-6)) for one, chance in judged.category.items()}
    why: dict[Category, list[Reason]] = {category: [] for category in Category}
    if has_trace:
        scores[Category.FUNCTION] += TRACE_VOTE
        why[Category.FUNCTION].append(STACK_TRACE)
    for one in suggestions:
        if one.category is None or not (one.exact or one.score >= STRONG_SCORE):
            continue
        scores[one.category] += EXACT_VOTE if one.exact else STRONG_VOTE * min(one.score, 1.0)
        how_en, how_zh = ("the same error", "相同错误") if one.exact else ("a similar case", "相似案例")
        why[one.category].insert(
            0, Reason(en=f"{how_en} was solved in '{one.title}'", zh=f"知识库中有{how_zh}：{one.title}")
        )
    best = max(scores, key=lambda one: scores[one])
    total = sum(math.exp(score) for score in scores.values())
    return best, why[best][:3], math.exp(scores[best]) / total
