"""What is shown of a log that was read and is not kept on the work item (P3.2)."""

from shared.http import View
from shared.stack_traces import Trace

FRAMES_SHOWN = 30


class TraceView(View):
    language: str
    """Of the program"""
    type: str
    """Of the exception"""
    message: str
    """Of the exception"""
    fingerprint: str
    """The same for the same problem"""
    frames: list[str]
    """The first ones"""

    @classmethod
    def of(cls, trace: Trace) -> "TraceView":
        return cls(
            language=trace.language,
            type=trace.type,
            message=trace.message,
            fingerprint=trace.fingerprint,
            frames=trace.frames[:FRAMES_SHOWN],
        )


class FileReadView(View):
    attachment: str
    """Its id"""
    name: str
    """Its name"""
    characters: int
    """How much of it was read"""
    complete: bool
    """Whether that was all: of one file, packed or not, and of one request 64 MB are read"""


class TemplateView(View):
    text: str
    """The words that its lines have in common, `<*>` where values stand"""
    count: int
    """How many lines"""
