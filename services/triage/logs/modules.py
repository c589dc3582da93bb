"""In which module of the product an error began."""

import re
from collections.abc import Sequence

from shared.stack_traces import Trace

# What products are made of, beside the runtimes that a fingerprint leaves out.
LIBRARY = re.compile(
    r"(?:org\.(?:apache|hibernate|springframework|eclipse|postgresql|mybatis|redisson|quartz|slf4j|jboss|junit|glassfish"
    r"|bouncycastle|elasticsearch|mariadb|codehaus|aspectj)"
    r"|com\.(?:zaxxer|mysql|alibaba|baomidou|fasterxml|google|microsoft|oracle|ibm|sun|netflix|rabbitmq|mongodb|squareup)"
    r"|io\.(?:netty|lettuce|grpc|micrometer|vertx|reactivex|undertow|opentelemetry|jsonwebtoken)|redis\.clients|feign"
    r"|reactor|okhttp3|retrofit2|ch\.qos|cn\.hutool|oracle|Newtonsoft|Oracle|MySql|Npgsql|StackExchange|Dapper"
    r"|java|javax|jakarta|jdk|sun|kotlin|kotlinx|scala|android|androidx|System|runtime|std|core|alloc)(?:\.|::|\Z)"
    r"|node:|node_modules:|site-packages:|gems:|vendor:|\[internal function\]"
)

FILE = re.compile(r"[\w.@-]{1,200}\.(?:py|js|mjs|cjs|ts|tsx|jsx|vue|php|rb|rs|go)")


def module_of(trace: Trace) -> str:
    """A class, a package or a file: of the first frame that is the product's own, else of the first one."""
    own = next((frame for frame in trace.own_frames if not is_library(frame)), "")
    frame = own or (trace.own_frames[0] if trace.own_frames else "")
    if trace.language in ("java", "kotlin", "dotnet", "go"):
        module = frame.partition(".(")[0] if ".(" in frame else frame.rpartition(".")[0]
    elif trace.language == "rust":
        module = frame.rpartition("::")[0]
    else:
        module = frame[: frame.rfind(":")] if ":" in frame else frame
    return (module or frame)[:200]


def area_of(module: str) -> str:
    """The package of a class, the folder of a file: what is at least as far apart is another part of the product."""
    for separator in ("::", "/", "\\", "."):
        parent, found, last = module.rpartition(separator)
        if found and (last[:1].isupper() or FILE.fullmatch(last)):
            return parent
        if found and separator != ".":
            return module
    return module


def is_within(area: str, others: Sequence[str]) -> bool:
    """Whether it is one of these, or a part of one."""
    return any(area == one or area.startswith((f"{one}.", f"{one}/", f"{one}::", f"{one}\\")) for one in others)


def is_library(name: str) -> bool:
    return bool(LIBRARY.match(name))
