"""What a change in the middle of a ticket's life does to its clocks is what is promised, and what the docs say."""

import pytest

from tests.sla.clocks.truth import BEGIN, CHANGES, END, PAGES, Change, found, table


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name.en)
def test_a_change_does_to_the_clocks_what_is_promised(change: Change) -> None:
    assert found(change) == change.all_verdicts


@pytest.mark.parametrize("language", PAGES)
def test_the_docs_show_the_table_that_is_proved_here(language: str) -> None:
    shown = PAGES[language].read_text("utf-8").partition(BEGIN)[2].partition(END)[0]
    assert shown == table(language)
    assert len(shown.splitlines()) >= 42
