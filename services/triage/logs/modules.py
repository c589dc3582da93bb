"""In which module of the product an error began."""

import re

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


def is_library(name: str) -> bool:
    return bool(LIBRARY.match(name))
