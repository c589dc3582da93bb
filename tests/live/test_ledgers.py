"""Ten thousand random lives of tickets: every ledger adds up, in whatever order it was heard."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.sla.clocks.rules import Rules
from tests.sla.clocks.histories import TicketHistory
from tests.sla.clocks.test_any_order import histories, some_rules
from tests.sla.clocks.test_explanation import check_sums

pytestmark = [pytest.mark.live, pytest.mark.timeout(3600)]


@settings(max_examples=10_000, derandomize=False, deadline=None, database=None)
@given(history=histories(), rules=some_rules, data=st.data())
def test_every_ledger_adds_up(history: TicketHistory, rules: Rules, data: st.DataObject) -> None:
    check_sums(history, rules, data)
