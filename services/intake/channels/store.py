from services.intake.channels.domain import ChannelFile, ChannelThread
from shared.store import Store


class ChannelThreads(Store[ChannelThread]):
    kind = ChannelThread
    has_outbox = False


class ChannelFiles(Store[ChannelFile]):
    kind = ChannelFile
    has_outbox = False
