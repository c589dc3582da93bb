"""What is understood of a message: groups of words, each in the clause that says it."""

import pytest

from shared.reading.facts import GROUPS, groups_in, read
from tests.eval.fit import messages


def test_no_clause_loses_a_word_where_all_are_looked_through_at_once() -> None:
    for row in messages()[::7]:
        clauses = read(row["title"], row["body"]).clauses
        found = groups_in(clauses, "\n,\n".join(clause.bare for clause in clauses))
        for clause, groups in zip(clauses, found, strict=True):
            assert {name for name, group in GROUPS.items() if group.search(clause.bare)} <= set(groups), row


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("生产系统宕机", "outage"),
        ("The whole platform is down", "outage"),
        ("Server is down for maintenance on Sunday", "outage not said"),
        ("客户看到了别人的订单", "harm"),
        ("We are selling at a loss", "harm"),
        ("Agents write boarding passes by hand", "standstill"),
        ("十八个车站都进不去", "crowd"),
        ("None of our 22 stores can open the till", "crowd"),
    ],
)
def test_what_is_understood(text: str, fact: str) -> None:
    assert fact in read("", text).facts
