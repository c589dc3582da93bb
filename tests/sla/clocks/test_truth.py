"""What a change in the middle of a ticket's life does to its clocks is what is promised, and what the docs say."""

import pytest

from tests.sla.clocks.truth import BEGIN, CHANGES, DOCS, END, Change, found, table


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name.en)
def test_a_change_does_to_the_clocks_what_is_promised(change: Change) -> None:
    assert found(change) == change.all_verdicts


def test_the_docs_show_the_table_that_is_proved_here() -> None:
    shown = DOCS.read_text("utf-8").partition(BEGIN)[2].partition(END)[0]
    assert shown == table()
    assert len(shown.splitlines()) >= 42
