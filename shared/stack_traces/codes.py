"""Error codes of databases, operating systems and protocols in a single line: errors without a trace."""

import re

from shared.stack_traces.trace import LONGEST_MESSAGE, Trace

BEFORE, END = r"(?<![A-Za-z0-9_.$\-])", r"(?![A-Za-z0-9_])"
# Whether a look at the patterns below can be worth it.
ANY = re.compile(
    r"ORA-|TNS-|PLS-|IMP-|SQLSTATE|SQLCODE|0x[8Cc]|HTTP|[Ss]tatus|状态码|Msg |[Ee]rrno|ERR"
    r"|SIG|E(?:CONN|TIME|HOST|NET|ADDR|NO|ACC|PERM|PIPE|MFILE|AI_)"
)
DATABASE = re.compile(rf"{BEFORE}(?:ORA|TNS|PLS|RMAN|IMP|EXP)-\d{{5}}{END}")
SQLSTATE = re.compile(rf"{BEFORE}SQL ?STATE(?:\[| ?[=:] ?| ){{1,3}}['\"]?([0-9A-Z]{{5}}){END}", re.IGNORECASE)
SQLCODE = re.compile(rf"{BEFORE}SQLCODE ?[=:] ?(-?\d{{3,5}}){END}", re.IGNORECASE)
MYSQL = re.compile(r"\bERROR (\d{4}) \([0-9A-Z]{5}\)")
SQL_SERVER = re.compile(r"\bMsg (\d{2,6}), (?:Level|级别)")
HRESULT = re.compile(rf"{BEFORE}0x[8Cc][0-9a-fA-F]{{7}}{END}")
HTTP = re.compile(
    r"(?<![A-Za-z0-9_.])(?:HTTP(?:/\d(?:\.\d)?)?[\"' ]{0,2}(?: ?status)?(?: ?code)?(?: ?error)?|[Ss]tatus ?[Cc]ode"
    r"|status|状态码)(?: ?(?:[:=/：]|of|is|为|是) ?| )?[\"']?([45]\d\d)(?!\w|\.\d)"
)
SYSTEM = re.compile(
    rf"{BEFORE}(?:SIG(?:SEGV|ABRT|KILL|BUS|ILL|FPE)|E(?:CONNREFUSED|CONNRESET|CONNABORTED|TIMEDOUT|HOSTUNREACH|NETUNREACH"
    rf"|ADDRINUSE|NOENT|ACCES|PERM|PIPE|NOTFOUND|NOSPC|MFILE|AI_AGAIN)|(?:NET::)?ERR_[A-Z][A-Z_]{{3,60}}){END}"
)
ERRNO = re.compile(r"\b[Ee]rrno[ =:]{1,3}(-?\d{1,5})\b")
PATH = re.compile(r"(?<![\w<])/[A-Za-z][\w\-./]{0,200}")
NAMED = ((SQLCODE, "SQLCODE"), (MYSQL, "MySQL"), (SQL_SERVER, "Msg"), (ERRNO, "errno"))


def code_of(line: str) -> Trace | None:
    """The most telling code of a line."""
    if not ANY.search(line):
        return None
    name = _name(line)
    return Trace("", name, line.strip()[:LONGEST_MESSAGE], place=_place(name, line)) if name else None


def _name(line: str) -> str:
    if found := DATABASE.search(line):
        return found[0]
    if found := SQLSTATE.search(line):
        return f"SQLSTATE[{found[1].upper()}]"
    for pattern, kind in NAMED:
        if found := pattern.search(line):
            return f"{kind} {found[1]}"
    if found := HRESULT.search(line):
        return f"0x{found[0][2:].upper()}"
    if found := HTTP.search(line):
        return f"HTTP {found[1]}"
    return found[0] if (found := SYSTEM.search(line)) else ""


def _place(name: str, line: str) -> str:
    """What was asked for decides what an HTTP status means."""
    found = PATH.search(line) if name.startswith("HTTP ") else None
    return found[0] if found and len(found[0]) > 2 else ""
