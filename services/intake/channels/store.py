from services.intake.channels.domain import ChannelThread
from shared.store import Store


class ChannelThreads(Store[ChannelThread]):
    kind = ChannelThread
    has_outbox = False
