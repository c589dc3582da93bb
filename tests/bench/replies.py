"""What the thousandth message of one ticket costs, beside the tenth."""

import json
import time

from tests.bench.desk import Desk
from tests.bench.samples import ANSWER, STORY, customer, problem
from tests.bench.wire import Connection, request

MESSAGES = 1_000
BEFORE = 4  # messages before those that are measured
MEAN_OF = 11  # messages: the 5th to the 15th, and so on
LONGEST = 150.0  # seconds


async def replies(desk: Desk) -> None:
    """Customer and staff write in turns, each when the other's message was taken."""
    connection = await Connection.open(desk.stack.service_url("intake"))
    tokens = desk.stack.token(customer(1)), desk.stack.token("lead")
    _, body = await connection.ask(request("POST", "/v1/tickets", tokens[0], problem(1)))
    path = f"/v1/tickets/{json.loads(body)['ticket']}/messages"

    async def say(numbers: range) -> str:
        """Why the last of them was not taken, if it was not."""
        for n in numbers:
            ask = request("POST", path, tokens[n % 2], {"text": f"{(STORY, ANSWER)[n % 2]} {n}"})
            status, body = await connection.ask(ask)
            if status != 201:
                return f"message {n}: {status} {json.loads(body)['detail']}"
        return ""

    await desk.rest()
    ended = await say(range(1, BEFORE + 1))
    costs: list[dict[str, float]] = []
    seconds: list[float] = []
    last = BEFORE
    end = time.monotonic() + LONGEST
    while not ended and last < (MESSAGES // 10 if desk.quick else MESSAGES):
        with desk.window() as window:
            ended = await say(range(last + 1, last + MEAN_OF + 1))
        if not ended:
            last += MEAN_OF
            costs.append(window.per(MEAN_OF))
            seconds.append(window.seconds)
            ended = f"{LONGEST:.0f} s were over" if time.monotonic() > end else ""
    connection.close()
    early, late = sum(costs[0].values()), sum(costs[-1].values())
    slower = seconds[-1] / seconds[0]
    note = f"up to message {last}{ended and ', ' + ended}; {late:.1f} of {early:.1f} ms CPU, {slower:.2f} times as long"
    desk.figures.add("reply_1000_to_10", late / early, "", costs[-1], note)
