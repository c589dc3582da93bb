"""The beginning."""

from pydantic import AwareDatetime

from shared.domain import Aggregate


class Installation(Aggregate):
    """When this service began to work with this database: of what happened before, nobody is notified."""

    at: AwareDatetime
