"""Finds errors in free text and gives each a fingerprint that stays (P3.2): stack traces of Java, Kotlin, Python, .NET,
JavaScript, Go, PHP, Ruby and Rust, and single lines with an error code."""

from shared.stack_traces.prefixes import without as without_prefix
from shared.stack_traces.reader import LIMIT as LIMIT
from shared.stack_traces.reader import Reader as Reader
from shared.stack_traces.reader import find as find
from shared.stack_traces.trace import Trace as Trace
from shared.stack_traces.trace import digest as digest
from shared.stack_traces.trace import fingerprints as fingerprints

__all__ = ["LIMIT", "Reader", "Trace", "digest", "find", "fingerprints", "without_prefix"]
