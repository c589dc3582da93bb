"""The voice: tells people what happened to their ticket, by mail and online, and streams events as they happen."""
