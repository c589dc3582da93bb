"""Remote tools, one document each."""

from services.triage.remote_tools.domain import RemoteTool
from shared.store import Store


class RemoteTools(Store[RemoteTool]):
    kind = RemoteTool
    has_outbox = False
