"""Solutions and their internal verification over HTTP (P4.1)."""

from functools import partial

from fastapi import APIRouter, Response
from pydantic import Field

from services.triage.work import solutions
from services.triage.work.access import Work, Worker, WorkView, actor, change
from shared.http import Body, example
from shared.terms import Id, Line, OptionalLine, OptionalParagraph, Paragraph, YesOrNo

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
    model_config = example(
        environment="Test server, V3.2.1 on Windows 11",
        steps="Exported 120,000 rows",
        expected="A file with 120,000 rows",
        result="Done in 40 s, 120,000 rows",
        evidence=["6650f1c2a7b94d0e8c3b5a71"],
        passed=True,
    )

    environment: Line
    """The test environment: machine, system, version"""
    steps: Paragraph
    """What was done in the test environment"""
    expected: Paragraph
    """What should come of it"""
    result: Paragraph
    """What came of it"""
    evidence: list[Id] = Field(default_factory=list, max_length=10)
    """Ids of attachments of the ticket, such as a screenshot; at least one where it passed"""
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
    await work.ensure_involved(ticket, actor(caller))
    await work.files.ensure_there(ticket, body.evidence)
    act = partial(
        solutions.verify,
        environment=body.environment,
        steps=body.steps,
        expected=body.expected,
        result=body.result,
        evidence=body.evidence,
        passed=body.passed,
    )
    return await change(work, caller, ticket, act, response)
