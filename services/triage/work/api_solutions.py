"""Solutions and their internal verification over HTTP (P4.1)."""

from functools import partial

from fastapi import APIRouter, Response

from services.triage.work import solutions
from services.triage.work.access import Work, Worker, WorkView, change
from shared.http import Body, example
from shared.terms import Id, OptionalLine, OptionalParagraph, Paragraph, YesOrNo

router = APIRouter(prefix="/v1/tickets/{ticket}/work", tags=["work"])


class NewSolution(Body):
    model_config = example(solution="Install patch V3.2.1.", root_cause="The export held all rows in memory.")

    solution: Paragraph
    """What to do"""
    root_cause: OptionalParagraph = ""
    """Why it happens"""
    article: OptionalLine = ""
    """The id of the knowledge article that it is from"""


class NewVerification(Body):
    model_config = example(steps="Exported 120,000 rows in the test environment", result="Done in 40 s", passed=True)

    steps: Paragraph
    """What was done in the test environment"""
    result: Paragraph
    """How that went"""
    passed: YesOrNo
    """Whether the solution works"""


@router.post("/solutions", status_code=201)
async def propose_solution(ticket: Id, body: NewSolution, work: Work, caller: Worker, response: Response) -> WorkView:
    """Propose the solution of this round. Until it is verified, another proposal replaces it."""
    act = partial(solutions.propose, solution=body.solution, root_cause=body.root_cause, article=body.article)
    return await change(work, caller, ticket, act, response)


@router.post("/verifications", status_code=201)
async def record_internal_verification(
    ticket: Id, body: NewVerification, work: Work, caller: Worker, response: Response
) -> WorkView:
    """Record an internal verification. When it has passed, the customer is asked to verify the solution."""
    act = partial(solutions.verify, steps=body.steps, result=body.result, passed=body.passed)
    return await change(work, caller, ticket, act, response)
