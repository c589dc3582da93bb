"""Who may publish and hear what on the bus, as a configuration of nats-server has it
(https://docs.nats.io/running-a-nats-service/configuration/securing_nats/authorization)."""

import json
from collections.abc import Mapping
from typing import Any

from deploy.contracts.questions import NOTICES, QUESTIONS
from deploy.services import SERVICES
from shared.bus.names import Names
from shared.events import MAKER, ImportPartTaken, TicketOpened

OPERATOR = "operator"  # who makes streams and places on them, and may do everything
SUBSCRIBER = "subscriber"  # other systems, which read all events and tell none
Json = dict[str, Any]
READS_BACK = {"intake": (TicketOpened, ImportPartTaken)}  # for the numbers that were given
READS_ALONG = {"notify"}  # for its subscribers, and the dead letters of all


def authorization(passwords: Mapping[str, str], prefix: str, manages: bool) -> str:
    """The block of a configuration file: a user for each service, one for subscribers, and the operator, who may do
    everything. `manages`:
    a service makes the streams and its place on them itself where they are missing, and could let itself hear more."""
    users: list[Json] = [{"user": OPERATOR, "password": passwords[OPERATOR]}]
    for name in SERVICES:
        users.append({"user": name, "password": passwords[name], "permissions": permissions(name, prefix, manages)})
    users.append({"user": SUBSCRIBER, "password": passwords[SUBSCRIBER], "permissions": reading(prefix)})
    return f"authorization: {json.dumps({'users': users}, indent=1)}\n"


def reading(prefix: str) -> Json:
    """Places of their own on the stream of events, none of a service, and answers to what they ask."""
    stream, api = Names(prefix, SUBSCRIBER).stream, "$JS.API"
    allowed = [f"{api}.STREAM.INFO.{stream}", f"{api}.CONSUMER.CREATE.{stream}.*.>", f"$JS.ACK.{stream}.>"]
    allowed += [f"{api}.CONSUMER.{verb}.{stream}.*" for verb in ("INFO", "MSG.NEXT")]
    denied = []
    for name in SERVICES:
        denied += [f"{api}.CONSUMER.CREATE.{stream}.{name}.>", f"{api}.CONSUMER.MSG.NEXT.{stream}.{name}"]
        denied += [f"$JS.ACK.{stream}.{name}.>"]
    inboxes = ["_INBOX.*", "_INBOX.*.*"]  # those of services have more parts
    return {"publish": {"allow": sorted(allowed), "deny": sorted(denied)}, "subscribe": {"allow": inboxes}}


def permissions(service: str, prefix: str, manages: bool) -> Json:
    names = Names(prefix, service)
    stream, dead, api = names.stream, names.dead_stream, "$JS.API"
    publish = [f"{prefix}.{word}.>" for word, maker in MAKER.items() if maker == service]
    publish += [f"{prefix}-dead.{service}", f"$JS.ACK.{stream}.{service}.>"]
    publish += [f"{api}.STREAM.INFO.{one}" for one in (stream, dead)]
    publish += [f"{api}.STREAM.MSG.GET.{stream}", f"{api}.DIRECT.GET.{stream}"]  # whether it has what we told it
    publish += [f"{api}.CONSUMER.INFO.{stream}.{service}", f"{api}.CONSUMER.MSG.NEXT.{stream}.{service}"]
    for question in QUESTIONS:
        if service in question.asked_by:
            publish += [names.question(question.name), names.question_to_all(question.name)]
    publish += [names.notice(notice.name) for notice in NOTICES if notice.told_by == service]
    if service in READS_BACK:
        kinds = [names.subject(kind) for kind in READS_BACK[service]]
        publish += [f"{api}.CONSUMER.CREATE.{stream}.*.{kind}" for kind in kinds]
        publish += [f"{api}.CONSUMER.{verb}.{stream}.*" for verb in ("INFO", "MSG.NEXT", "DELETE")]
        publish += [f"{api}.DIRECT.GET.{stream}.{kind}" for kind in kinds]
    if service in READS_ALONG:
        publish += [f"{api}.CONSUMER.CREATE.{stream}.*.{names.events}", f"{api}.CONSUMER.CREATE.{stream}"]
        publish += [f"{api}.CONSUMER.{verb}.{stream}.*" for verb in ("INFO", "MSG.NEXT", "DELETE")]
        publish += ["$JS.FC.>"]
        publish += [f"{api}.STREAM.MSG.{verb}.{dead}" for verb in ("GET", "DELETE")]
        publish += [f"{api}.DIRECT.GET.{dead}", f"{api}.DIRECT.GET.{dead}.>", f"{prefix}-dead.>"]
        publish += [names.events]  # a dead letter is told again to the service that set it aside
    if manages:
        publish += [f"{api}.STREAM.{verb}.{one}" for verb in ("CREATE", "UPDATE") for one in (stream, dead)]
        publish += [f"{api}.STREAM.PURGE.{stream}", f"{api}.CONSUMER.LIST.{stream}"]
        publish += [f"{api}.CONSUMER.{verb}.{stream}.{service}" for verb in ("CREATE", "DELETE")]
        publish += [f"{api}.CONSUMER.CREATE.{stream}.{service}.>"]
    hears = [f"{names.inbox}.>"]
    for question in QUESTIONS:
        if question.answered_by == service:
            hears += [names.question(question.name), names.question_to_all(question.name)]
    hears += [names.notice(notice.name) for notice in NOTICES if service in notice.heard_by]
    answers = {"max": 1, "expires": "60s"}  # only to who asked
    return {"publish": {"allow": sorted({*publish})}, "subscribe": {"allow": hears}, "allow_responses": answers}
