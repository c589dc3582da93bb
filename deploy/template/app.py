"""What the template service is made of, on one screen."""

from fastapi import FastAPI

from deploy.template.permissions import PERMISSIONS
from deploy.template.records.api import router
from deploy.template.records.handlers import RecordHandlers
from deploy.template.records.store import Records
from shared.events import TicketCompleted, TicketOpened, TicketReopened
from shared.service import Runtime, serve


def create_app(runtime: Runtime | None = None) -> FastAPI:
    return serve("template", wire, [router], PERMISSIONS, runtime)


def wire(runtime: Runtime) -> RecordHandlers:
    records = RecordHandlers(runtime.store(Records))
    runtime.on(TicketOpened, records.open)
    runtime.on(TicketCompleted, records.hear)
    runtime.on(TicketReopened, records.hear)
    return records
