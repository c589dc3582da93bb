"""First diagnosis: category, priority, why, and how sure (P2.2, P2.3); what is said, impact and solved cases decide."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.triage.categories.domain import SEEDED, Categories
from services.triage.diagnosis.meanings import evidence, reasons
from services.triage.diagnosis_rules.conditions import Subject
from services.triage.diagnosis_rules.domain import DiagnosisRule, Ruling, rule
from services.triage.learning.domain import Learned
from shared.events import Evidence, Problem, Reason, Suggestion
from shared.reading.assessment import Assessment, MessageMeaning, assess
from shared.terms import Category, Priority

CONFIRM_AT = 0.95  # where 95 of 100 categories of own messages are right, each unseen; an engineer confirms the rest
# Of probability, so that 93 of 100 are (own messages, each unseen): it takes a senior from other work (P2.4).
URGENT_AT, URGENT_AT_MEANT = 0.55, 0.45  # by words alone, and where the meaning counts as well
STRONG_SCORE = 0.5
EXACT_VOTE, STRONG_VOTE, TRACE_VOTE = 12.0, 1.0, 1.0  # added to the logarithm of a category's probability
MAX_REASONS, MOST_EVIDENCE = 8, 16
LEAST = 1e-6  # of probability
NO_RULING = Ruling()
SURE = 0.95  # of what a rule says, or the customer's own answers
SAYS_NOTHING, UNSURE = {"long", "malfunction", "repair"}, 0.2  # who tells of nothing may mean anything
STACK_TRACE = Reason(en="a stack trace is included", zh="附有异常堆栈")


@dataclass(frozen=True)
class Diagnosis:
    category: Category
    priority: Priority
    reasons: list[Reason]
    confidence: float
    suggestions: list[Suggestion] = field(default_factory=list)
    queue: str = ""
    team: str = ""
    evidence: list[Evidence] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)

    @property
    def is_confident(self) -> bool:
        return self.confidence >= CONFIRM_AT


@dataclass(frozen=True)
class Beside:
    """What is known beside a problem. `many_users`: from how many affected ones on a fault is urgent; `has_trace`: a
    stack trace with frames is in it; `fingerprints` are those of all its errors; `rules` stand in their order."""

    suggestions: Sequence[Suggestion] = ()
    has_trace: bool = False
    fingerprints: Sequence[str] = ()
    tier: str = ""
    channel: str = ""
    many_users: int = 20
    rules: Sequence[DiagnosisRule] = ()
    categories: Categories = SEEDED
    learned: Learned | None = None
    meaning: MessageMeaning | None = None


NOTHING = Beside()


def classify(problem: Problem, beside: Beside = NOTHING) -> Diagnosis:
    """Rules come first; what was asked for and answered (users, whether business is blocked) outweighs how it was put
    into words."""
    text = f"{problem.description}\n{problem.error_text}" if problem.error_text else problem.description
    assessed = assess(problem.title, text, beside.meaning)
    ruling = NO_RULING
    if beside.rules:
        facts, tier, channel = assessed.facts.keys(), beside.tier, beside.channel
        ruling = rule(beside.rules, Subject.of(problem, facts, beside.fingerprints, tier, channel))
    priority, why_priority, sure = _priority(problem, assessed, beside)
    category, why_category, confidence = _category(assessed, beside)
    if assessed.facts.keys() <= SAYS_NOTHING and not (why_priority or why_category):
        sure = UNSURE
    spoke = evidence(assessed)
    spoke += [_other(one, f"priority:{priority}") for one in why_priority]
    spoke += _cases(beside.suggestions, category)
    spoke += _learned(beside.learned)
    spoke += _meant(assessed, beside.meaning)
    priority, sure = (ruling.priority, SURE) if ruling.priority else (priority, sure)
    category, confidence = (ruling.category, SURE) if ruling.category else (category, confidence)
    why_rules, by_rules = _ruled(ruling)
    said = reasons(assessed)
    why = list(dict.fromkeys([*why_rules, *why_priority, *why_category, *said]))[:MAX_REASONS]
    if not why:
        why = [Reason(en="nothing indicates urgency", zh="未发现紧急迹象")]
    return Diagnosis(
        category,
        priority,
        why,
        round(min(confidence, sure), 2),
        list(beside.suggestions),
        queue=ruling.queue or beside.categories.queue_of(category),
        team=beside.categories.team_of(category),
        evidence=[*by_rules, *spoke][:MOST_EVIDENCE],
        versions=_versions(assessed, ruling, beside),
    )


def _ruled(ruling: Ruling) -> tuple[list[Reason], list[Evidence]]:
    why, spoke = [], []
    for what, by in ruling.by.items():
        name = by.current.name
        said = Reason(en=f"rule '{name}' decides", zh=f"按规则“{name}”判定")
        why.append(said)
        spoke.append(
            Evidence(source="rule", name=by.mark, speaks_for=f"{what}:{getattr(ruling, what)}", en=said.en, zh=said.zh)
        )
    return list(dict.fromkeys(why)), spoke


def _other(reason: Reason, speaks_for: str) -> Evidence:
    source = "trace" if reason is STACK_TRACE else "answers"
    return Evidence(source=source, name=source, speaks_for=speaks_for, en=reason.en, zh=reason.zh)


def _cases(suggestions: Sequence[Suggestion], category: Category) -> list[Evidence]:
    """Those that have a vote, and for which category they give it."""
    return [
        Evidence(
            source="case",
            name=one.article,
            speaks_for=f"category:{one.category}",
            weight=round(_vote(one), 3),
            en=one.title,
            zh=one.title,
        )
        for one in suggestions
        if one.category == category and _vote(one)
    ]


def _versions(assessed: Assessment, ruling: Ruling, beside: Beside) -> dict[str, str]:
    found = {"weights": assessed.version} | ({"learned": str(beside.learned.number)} if beside.learned else {})
    found |= {"meaning": beside.meaning.model} if assessed.meant and beside.meaning else {}
    return found | {f"rule {one.id}": str(one.current.number) for one in ruling.by.values()}


def _learned(learned: Learned | None) -> list[Evidence]:
    if learned is None:
        return []
    chance = learned.chances[learned.likeliest]
    part = math.log(max(chance, LEAST) / max(1 - chance, LEAST)) if learned.decides else 0
    return [
        Evidence(
            source="learned",
            name=f"{learned.number}",
            speaks_for=f"category:{learned.likeliest}",
            weight=round(part, 3),
            en=f"learned from {learned.texts} confirmed tickets",
            zh=f"由 {learned.texts} 张已确认工单学得",
        )
    ]


def _meant(assessed: Assessment, meaning: MessageMeaning | None) -> list[Evidence]:
    if assessed.meant is None or meaning is None:
        return []
    what = (f"priority:{assessed.likeliest_priority}", f"category:{assessed.likeliest_category}")
    return [
        Evidence(
            source="meaning",
            name=meaning.model,
            speaks_for=speaks_for,
            weight=round(weight, 3),
            en="what the message means as a whole",
            zh="整段描述的语义",
        )
        for speaks_for, weight in zip(what, assessed.meant, strict=True)
    ]


def _vote(one: Suggestion) -> float:
    if one.exact:
        return EXACT_VOTE
    return STRONG_VOTE * min(one.score, 1.0) if one.score >= STRONG_SCORE else 0


def likeliest(assessed: Assessment) -> tuple[Priority, float]:
    """And how likely it is."""
    if assessed.priority[Priority.URGENT] >= (URGENT_AT_MEANT if assessed.meant else URGENT_AT):
        return Priority.URGENT, assessed.priority[Priority.URGENT]
    others = {one: chance for one, chance in assessed.priority.items() if one is not Priority.URGENT}
    best = max(others, key=lambda one: others[one])
    return best, others[best]


def _priority(problem: Problem, assessed: Assessment, beside: Beside) -> tuple[Priority, list[Reason], float]:
    said, sure = likeliest(assessed)
    users = problem.users_affected or 0
    fails = assessed.malfunction >= 0.5 or beside.has_trace or bool(problem.error_text)
    why: list[Reason] = []
    if problem.business_blocked:
        why.append(Reason(en="the customer reports that business is blocked", zh="客户反馈业务受阻"))
    if users >= beside.many_users and (fails or problem.business_blocked):
        why.append(Reason(en=f"{users} users are affected", zh=f"{users} 名用户受影响"))
    one_user = users == 1 and said is not Priority.URGENT
    if why and not one_user:
        return Priority.URGENT, why, SURE
    if said is Priority.NORMAL and (why or beside.has_trace):
        return Priority.HIGH, why or [STACK_TRACE], 0.85
    return said, why, sure


def _category(assessed: Assessment, beside: Beside) -> tuple[Category, list[Reason], float]:
    """One that is retired is given to nothing; one that the weights do not know is likely only by its cases."""
    chances = {one: assessed.category.get(one, 0) for one in beside.categories.active} or dict(assessed.category)
    learned = beside.learned if beside.learned and beside.learned.decides else None
    scores = {one: _score(one, chance, assessed, learned) for one, chance in chances.items()}
    why: dict[Category, list[Reason]] = {category: [] for category in scores}
    if beside.has_trace and Category.FUNCTION in scores:
        scores[Category.FUNCTION] += TRACE_VOTE
        why[Category.FUNCTION].append(STACK_TRACE)
    for one in beside.suggestions:
        if one.category is None or one.category not in scores or not _vote(one):
            continue
        scores[one.category] += _vote(one)
        how_en, how_zh = ("the same error", "相同错误") if one.exact else ("a similar case", "相似案例")
        why[one.category].insert(
            0, Reason(en=f"{how_en} was solved in '{one.title}'", zh=f"知识库中有{how_zh}：{one.title}")
        )
    best = max(scores, key=lambda one: scores[one])
    total = sum(math.exp(score) for score in scores.values())
    sure = math.exp(scores[best]) / total
    if learned and learned.is_sure and learned.likeliest == best:
        sure = max(sure, CONFIRM_AT)
    return best, why[best][:3], sure


def _score(category: Category, chance: float, assessed: Assessment, learned: Learned | None) -> float:
    """The logarithm of its probability: by the weights, by what was learned, or the mean of both."""
    read = math.log(max(chance, LEAST))
    if learned is None or category not in learned.chances:
        return read
    said = math.log(max(learned.chances[category], LEAST))
    return (read + said) / 2 if category in assessed.category else said
