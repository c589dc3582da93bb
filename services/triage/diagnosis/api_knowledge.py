"""Knowledge first, over HTTP (P3.3): kb is searched, and a new problem has its features written down."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from services.triage.diagnosis.api import handlers
from services.triage.diagnosis.handlers import DiagnosisHandlers
from services.triage.work import knowledge
from services.triage.work.access import Work, Worker, WorkView, actor, change, shown
from shared.http import Body, example
from shared.terms import Id, Line, OptionalParagraph, Paragraph

router = APIRouter(prefix="/v1/tickets/{ticket}/work", tags=["work"])
Handlers = Annotated[DiagnosisHandlers, Depends(handlers)]


class NewKnowledgeSearch(Body):
    model_config = example(query="export to Excel crashes OutOfMemoryError")

    query: OptionalParagraph = ""
    """What is looked for; empty: the problem as the customer told it"""


class NewDeepAnalysis(Body):
    model_config = example(features="V3.2 crashes on Windows 11 when exporting to Excel", modules=["export"])

    features: Paragraph
    """What the new problem is recognised by: version, environment, what is done, what happens"""
    modules: list[Line] = Field(default_factory=list, max_length=20)
    """The modules that it touches"""


@router.post("/knowledge-searches", status_code=201)
async def search_knowledge(
    ticket: Id, body: NewKnowledgeSearch, diagnosis: Handlers, caller: Worker, response: Response
) -> WorkView:
    """Search the knowledge base for this ticket; who searched, for what, and what was found stays on record. It comes
    before the first solution. `answered` is false when the knowledge base is away."""
    return shown(await diagnosis.search_knowledge(ticket, body.query, actor(caller), caller.origin), response)


@router.post("/deep-analyses", status_code=201)
async def begin_deep_analysis(
    ticket: Id, body: NewDeepAnalysis, work: Work, caller: Worker, response: Response
) -> WorkView:
    """Write down the features of a new problem, which goes to deep analysis. The knowledge base was searched before."""
    act = partial(knowledge.begin_deep_analysis, features=body.features, modules=body.modules)
    return await change(work, caller, ticket, act, response)
