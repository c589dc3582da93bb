"""Whether a mail comes from whom it names, by what our own mail server found out (Authentication-Results, RFC 8601).

What other servers say counts for nothing: anybody can write it. The mail server takes away what comes to it under its
own name (RFC 8601, 5), so the name is enough. Comments and quoted texts may hold what the sender chose.
"""

import re
from collections.abc import Iterable

CHARACTERS = 3_000  # of one header that are read
SAID = re.compile(r'"(?:[^"\\]|\\.)*"|\([^()"]*\)')
DEEPEST = 20  # comments within comments
VERDICT = re.compile(r"(dmarc|dkim|spf)\s*=\s*([a-z]+)", re.IGNORECASE)


def is_doubtful(checks: Iterable[str], server: str) -> bool:
    """The server has looked and found nothing that speaks for the sender, or that their domain disowns the mail. Not
    where it says nothing, or nobody has said what it is called."""
    verdicts = [verdict for one in checks for verdict in _verdicts(one, server)] if server else []
    if ("dmarc", "fail") in verdicts:
        return True
    return bool(verdicts) and not any(result == "pass" for _, result in verdicts)


def _verdicts(check: str, server: str) -> list[tuple[str, str]]:
    text = check[:CHARACTERS]
    for _ in range(DEEPEST):
        if (bare := SAID.sub(" ", text)) == text:
            break
        text = bare
    name, *methods = text.split(";")
    if name.lower().split()[:1] != [server.lower()]:
        return []
    found = [match for method in methods if (match := VERDICT.match(method.strip()))]
    return [(one[1].lower(), one[2].lower()) for one in found]
