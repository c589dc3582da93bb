"""What one ticket counts for, and under which values of which dimensions: sums are nothing but these, added up."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from services.sla.calendars.domain import MILLISECOND
from services.sla.clocks.domain import OTHERS_TIME
from services.sla.figures.domain import ClockResult, TicketRecord
from shared.terms import ClockKind, OpenTerm, Outcome

EVERYTHING = "all"
NO_VALUE = ""
# Ended so, nobody expected a solution.
NO_SOLUTION_WANTED = {Outcome.CANCELLED, Outcome.DUPLICATE, Outcome.SPAM, Outcome.WRONG_DESK}
FROM_THE_OPENING = (ClockKind.RESPONSE, ClockKind.RESOLUTION)  # it is counted how long they took by the calendar too
STEP = 1.04  # a bucket of durations ends this much later than it begins: what is read from it is right to 2 %


class BreachReason(OpenTerm):
    """Why a target was missed: the first of these that is so."""

    UNASSIGNED = "unassigned", "nobody had the ticket when it was due", "到期时尚未分派"
    REOPENED = "reopened", "the ticket was reopened", "工单被重新打开"
    REJECTED = "rejected", "the customer rejected a solution", "客户验证未通过"
    FAILED = "failed", "a solution failed the internal verification", "内部验证未通过"
    CONSULTATION = "consultation", "a consultation was needed", "需要专家会诊"
    THIRD_PARTY = "third_party", "a third party was involved", "涉及第三方"
    HANDLING = "handling", "handling took longer", "处理耗时过长"


DIMENSIONS: Mapping[str, Callable[[TicketRecord], Iterable[str]]] = {
    EVERYTHING: lambda one: (EVERYTHING,),
    "priority": lambda one: (one.priority or NO_VALUE,),
    "category": lambda one: (one.category or NO_VALUE,),
    "team": lambda one: (one.team,),
    "engineer": lambda one: (one.engineer,),
    "company": lambda one: (one.company,),
    "tier": lambda one: (one.tier,),
    "channel": lambda one: (one.channel or NO_VALUE,),
    "product": lambda one: (one.product,),
    "module": lambda one: (" · ".join(part for part in (one.product, one.module) if part) if one.module else NO_VALUE,),
    "fingerprint": lambda one: one.fingerprints,
    "tag": lambda one: one.tags,
}


def counts(one: TicketRecord) -> Counter[str]:
    """Empty for a ticket that counts nowhere."""
    found: Counter[str] = Counter()
    if not one.day or one.disputed:
        return found
    found["opened"] = 1
    is_solved = bool(one.resolved_at) or one.outcome == Outcome.SOLVED
    flags = {
        "open": one.open,
        "completed": bool(one.completed_at),
        "resolved": is_solved,
        "unsolved": not is_solved and one.outcome not in NO_SOLUTION_WANTED,
        "unassigned": one.open and not one.engineer,
        "at_risk": one.open and any(clock.at_risk for clock in one.clocks.values()) and not _is_late(one),
        "late": one.open and _is_late(one),
        "reopened": bool(one.reopened),
        "rejected": bool(one.rejected),
        "failed": bool(one.failed),
        "consulted": bool(one.consulted),
        "third_party": bool(one.third_parties),
        "several_rounds": bool(one.rejected or one.failed or one.reopened),
    }
    found.update({name: 1 for name, is_so in flags.items() if is_so})
    for name, term in (("outcome", one.outcome), ("satisfaction", one.satisfaction)):
        if term:
            found[f"{name}:{term}"] = 1
    if one.cause:
        found[f"cause:{one.cause}"] = 1
    for kind, clock in one.clocks.items():
        found.update(_of_clock(kind, clock, one))
    for clock in one.call_backs:
        found.update(_of_clock(ClockKind.CALL_BACK, clock, one))
    return found


def sums_of(records: Iterable[TicketRecord]) -> dict[str, dict[str, Counter[str]]]:
    """By dimension and value."""
    found: dict[str, dict[str, Counter[str]]] = {name: {} for name in DIMENSIONS}
    for one in records:
        if counted := counts(one):
            for dimension, values_of in DIMENSIONS.items():
                for value in values_of(one):
                    found[dimension].setdefault(value, Counter()).update(counted)
    return found


def why(kind: str, clock: ClockResult, one: TicketRecord) -> BreachReason | None:
    """None for a clock that was not missed."""
    due = clock.breached_at
    if due is None:
        return None
    if kind != ClockKind.CALL_BACK and (one.assigned_at is None or one.assigned_at > due):
        return BreachReason.UNASSIGNED
    asked = {
        BreachReason.REOPENED: one.reopened,
        BreachReason.REJECTED: one.rejected,
        BreachReason.FAILED: one.failed,
        BreachReason.CONSULTATION: one.consulted,
        BreachReason.THIRD_PARTY: one.third_parties,
    }
    late = {} if kind in (ClockKind.RESPONSE, ClockKind.DIAGNOSIS, ClockKind.CALL_BACK) else asked
    return next((reason for reason, happened in late.items() if happened), BreachReason.HANDLING)


def bucket(milliseconds: int) -> int:
    return int(math.log(1 + milliseconds / 1000, STEP))


def seconds_of(bucket: int) -> float:
    """In the middle of it."""
    return float(STEP ** (bucket + 0.5)) - 1


def _is_late(one: TicketRecord) -> bool:
    ours = (clock for kind, clock in one.clocks.items() if kind not in OTHERS_TIME)
    return any(clock.is_open and clock.breached_at for clock in ours)


def _of_clock(kind: str, clock: ClockResult, one: TicketRecord) -> Counter[str]:
    found = Counter({f"{kind}:due": 1})
    if clock.met_at:
        found[f"{kind}:met"] = 1
        found[f"{kind}:within"] = int(not clock.breached_at)
        found[f"{kind}:ms"] = clock.elapsed_ms
        found[f"{kind}:took:{bucket(clock.elapsed_ms)}"] = 1
        if kind in FROM_THE_OPENING and one.opened_at:
            found[f"{kind}:calendar"] = 1
            found[f"{kind}:calendar_ms"] = (clock.met_at - one.opened_at) // MILLISECOND
    if reason := why(kind, clock, one):
        found[f"{kind}:breached"] = 1
        found[f"{kind}:why:{reason}"] = 1
    return +found
