"""What customers are told of their answers."""

import pytest

from shared.events import UnfitAnswer
from shared.testing import WANG, ZHAO, Person, World
from tests.notify.conftest import deliveries_to
from tests.notify.samples import ASKED, opened


@pytest.mark.parametrize(
    ("who", "language", "said"),
    [(WANG, "zh", "“abc”（座席数：请填写整数）"), (ZHAO, "en", "“abc” (Seats: enter a whole number)")],
)
async def test_an_answer_that_does_not_fit_is_told_back_in_the_customers_language(
    world: World, who: Person, language: str, said: str
) -> None:
    unfit = UnfitAnswer(field="seats", said="abc", en="Seats: enter a whole number", zh="座席数：请填写整数")
    await world.publish(opened(who))
    await world.publish(ASKED.model_copy(update={"unfit": [unfit]}))
    [told] = [one for one in await deliveries_to(world, who.sub) if one.template == "questions_asked"]
    assert said in told.words[language].text
    assert "\n1. " in told.words[language].text
