"""What was found in logs, and the articles that fit it, as they are shown."""

from datetime import datetime

from pydantic import Field

from shared.http import View
from shared.terms import Category


class SuggestionView(View):
    article: str
    """The id of a knowledge article"""
    title: str
    """Its title"""
    score: float
    """How alike it is, from 0 to 1"""
    category: Category | None
    """What kind of problem it solves"""
    exact: bool
    """Whether it has the same stack trace"""


class LogBucketView(View):
    begins: str
    """The minute, ten minutes, hour, day or month: the beginning of an ISO 8601 time"""
    count: int
    """How often it came then"""


class LogGroupView(View):
    """One error of a log, however often it came. Times are as the log says them, empty where it has none."""

    fingerprint: str
    """The same for the same error"""
    title: str
    """What the error is"""
    count: int
    """How often it came"""
    first_at: str
    """When it came first"""
    last_at: str
    """When it came last"""
    module: str
    """In which module it began"""
    systems: list[str]
    """Ids of third-party systems that it points to"""
    buckets: list[LogBucketView]
    """How often over time"""


class LogOperationView(View):
    at: str
    """When, as the log says it"""
    who: str
    """The user, as the log names them"""
    did: str
    """What they did, in the words of the log"""


class KeptLogAnalysis(View):
    id: str
    """Made of the log: the same log has one analysis"""
    by: str
    """Who had it analysed, as a subject"""
    analysed_at: datetime = Field(validation_alias="at")
    """When"""
    exceptions: list[str]
    """The exceptions that were found, the first ones"""
    fingerprints: list[str]
    """Of their stack traces; the same problem has the same one"""
    root_cause: str
    """What the engineer makes of it"""
    attachment: str
    """The attachment that the log is from"""
    similar: list[SuggestionView]
    """Articles that had the same stack traces"""
    lines: int
    """How many lines the log has"""
    groups: list[LogGroupView]
    """The errors, the most frequent first"""
    module: str
    """In which module of the product most of them began; empty where nothing says it"""
    systems: list[str]
    """Ids of the third-party systems that they point to"""
    operations: list[LogOperationView]
    """What people did, the last ones in their order"""
