"""The customers' pages, made of what there is."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any
from uuid import uuid4

from fastapi import Query, Request, Response

from services.intake.attachments.archives import is_listed
from services.intake.attachments.multipart import MOST_FILES
from services.intake.attachments.thumbnails import MEDIA_TYPES
from services.intake.deflection.handlers import Shown
from services.intake.deflection.similar import Row
from services.intake.forms.catalog import Forms
from services.intake.pages.answers import html
from services.intake.pages.forms import Filled
from services.intake.pages.layout import LIVE_POLICY, POLICY
from services.intake.portal.forms import FIELDS
from services.intake.portal.handlers import PortalHandlers
from services.intake.portal.offered import offer
from services.intake.portal.session import LANGUAGE, remember
from services.intake.portal.words import DONE
from services.intake.tickets.access import check_access, shown
from services.intake.tickets.domain import Ticket
from services.intake.tickets.urging import URGE_EVERY
from shared.auth import Scope
from shared.domain import Refusal
from shared.http import Caller
from shared.http.language import OURS
from shared.terms import ClockKind, Satisfaction, Stage, Text, WaitingFor

ACTS = (
    "message:post",
    "attachment:add",
    "attachment:read",
    "ticket:answer",
    "ticket:urge",
    "solution:review",
    "feedback:give",
    "consent:revoke",
)
Done = Annotated[str, Query(max_length=20, description="What was just done")]
ANSWERED = {Stage.CUSTOMER_VERIFICATION, Stage.FEEDBACK, Stage.ARCHIVED}  # or done without
YEAR = timedelta(days=365)
NOTHING = Shown("", ())
PROMISED = {ClockKind.RESPONSE, ClockKind.RESOLUTION, ClockKind.CALL_BACK}


def page(
    request: Request, caller: Caller | None, template: str, language: str, status: int = 200, **values: Any
) -> Response:
    """`caller`: None for who has not signed in."""
    portal: PortalHandlers = request.app.state.service.portal
    frame = {
        "signed_in": caller is not None,
        "may_open": caller is not None and caller.scope_of("ticket:open") is not None,
        "of_company": caller is not None and caller.scope_of("ticket:read") is Scope.COMPANY,
        "here": request.url.path if request.method in ("GET", "HEAD") else "/portal",
    }
    text = portal.pages.render(f"portal/templates/{template}", language, **{**frame, **values})
    policy = LIVE_POLICY if template == "ticket.html" else POLICY
    answer = html(language, text, status, **{"Content-Security-Policy": policy})
    chosen = request.query_params.get("lang", "")
    if chosen in OURS:
        remember(request, answer, LANGUAGE, chosen, int(YEAR.total_seconds()))
    return answer


def row(one: Row) -> dict[str, Any]:
    stage = Stage.of(one["stage"])
    waits = one["waiting_for"] in (WaitingFor.CUSTOMER_INFORMATION, WaitingFor.CUSTOMER_VERIFICATION)
    return {
        "ticket": one["id"],
        "title": one["problem"]["title"],
        "stage": stage,
        "waits": waits,
        "opened_at": one["opened_at"],
    }


def form(
    request: Request,
    caller: Caller,
    forms: Forms,
    filled: Filled,
    details: bool,
    rows: Sequence[Row] = (),
    problem: str = "",
    files_lost: bool = False,
    status: int = 200,
    suggested: Shown = NOTHING,
) -> Response:
    """The form for a new ticket; `details`: its second half too."""
    key = filled.values.get("key") if not problem else ""
    return page(
        request,
        caller,
        "new.html",
        caller.language,
        status,
        filled=filled,
        offer=offer(filled.values, forms),
        details=details,
        rows=[row(one) for one in rows],
        suggested=suggested,
        problem=problem,
        files_lost=files_lost,
        key=key or uuid4().hex,
        most_files=MOST_FILES,
    )


async def ticket_page(
    request: Request,
    portal: PortalHandlers,
    caller: Caller,
    ticket: Ticket,
    filled: Filled | None = None,
    problem: str = "",
    status: int = 200,
) -> Response:
    """What the caller sees of it and may do with it; `problem` is what just went wrong."""
    view = await shown(portal.tickets, caller, ticket, Response())
    can = {act: may(caller, act, ticket) for act in ACTS}
    is_open, merged = view.stage is not Stage.ARCHIVED, bool(view.merged_into)
    asked_back = view.stage is Stage.CUSTOMER_VERIFICATION
    rates = view.stage is Stage.FEEDBACK and (view.satisfaction is None or view.rates_again)
    review = next((one for one in view.rounds if one.round == view.round), None) if asked_back else None
    done = request.query_params.get("done", "")
    targets = await portal.targets(ticket.id) if is_open else []
    return page(
        request,
        caller,
        "ticket.html",
        caller.language,
        status,
        ticket=view,
        can=can,
        archived=not is_open,
        stages=[stage for stage in Stage if stage is not Stage.CONSULTATION or view.stage is stage],
        waits=asked_back or rates or (view.waiting_for is WaitingFor.CUSTOMER_INFORMATION and bool(view.questions)),
        targets=[one for one in targets if one.clock in PROMISED],
        review=review,
        rates=rates and can["feedback:give"],
        answers=can["ticket:answer"] and view.stage not in ANSWERED and not merged,
        urges=can["ticket:urge"] and is_open and not asked_back and not rates and _urge_is_due(ticket, portal),
        satisfactions=list(Satisfaction),
        fields=FIELDS,
        pictures=MEDIA_TYPES,
        is_archive=is_listed,
        form=ticket.form,
        custom=_custom(ticket),
        filled=filled or Filled(),
        problem=problem,
        done=done if done in DONE else "",
        key=uuid4().hex,
        most_files=MOST_FILES,
    )


def _custom(ticket: Ticket) -> list[tuple[Text, Text]]:
    """The custom fields that are known, as people read them."""
    found = []
    for key, said in ticket.problem.custom_fields.items():
        one = ticket.form.field(key) if ticket.form else None
        found.append((one.label, one.shown(said)) if one else (Text(key, key), Text(said, said)))
    return found


def may(caller: Caller, permission: str, ticket: Ticket) -> bool:
    try:
        check_access(caller, permission, ticket)
    except Refusal:
        return False
    return True


def _urge_is_due(ticket: Ticket, portal: PortalHandlers) -> bool:
    return ticket.urged_at is None or portal.tickets.now() >= ticket.urged_at + URGE_EVERY
