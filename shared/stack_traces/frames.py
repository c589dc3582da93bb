"""Frames of one line, each as a name without line numbers."""

import re

AT = re.compile(r"\A\s*(?:at|在) (?=\S)")
JAVA_PLACE = re.compile(
    r"\(([\w$\-]{1,120}\.(?:java|kt|scala|groovy|clj)(?::\d{1,9})?|SourceFile(?::\d{1,9})?|PG(?::\d{1,9})?"
    r"|r8-map-id-\w{1,80}:\d{1,9}|Native Method|Unknown Source(?::\d{1,9})?|<\w{1,80}>)\)"
)
JAVA_NAME = re.compile(r"\A(?:[\w$.@\-]{0,80}/){0,2}[\w$.<>]+\Z")
DOTNET_NAME = re.compile(r"\A[\w.<>`\[\],+$|&*@~\-]+\Z")
LAMBDA = re.compile(r"\$\$Lambda(?:[$/]\w{1,40}){0,4}|\$\$(?:EnhancerBy|FastClassBy)\w{1,80}(?:\$\$\w{1,40})?")
PYTHON = re.compile(r'\A\s*File "([^"]+)", line \d+(?:, in (.+))?$')
GO_NAME = re.compile(r"\A([\w./\-@]*+)[\w./()*\[\]{}\-]*+")  # its package, and all that may be a receiver's type
PHP = re.compile(r"\A#\d{1,4}\s+(?:([^\s(:][^(:]{0,300}(?::[^(:]{0,300})?)\(\d{1,9}\)|\[internal function\]): (.+)\Z")
PHP_PLACE = re.compile(r" (?:in|at) ([^\s:()]{1,300}\.php)(?::\d{1,9}| on line \d{1,9})")
RUBY = re.compile(
    r"\A(?:\d{1,4}: )?(?:from )?([^\s:][^:]{0,300}\.(?:rb|erb|rake|ru|haml|slim)|\(eval\)|<internal:[^>:]{1,80}>|-e)"
    r":\d{1,9}(?::in [`'‘]([^'’]{1,200})['’])?(?:: (.{0,400}))?\Z"
)
RUST = re.compile(r"\A\d{1,4}: (?:\s{0,4}0x[0-9a-f]{1,16} - )?(\S.{0,300})\Z")
RUST_HASH = re.compile(r"::h[0-9a-f]{16}\Z")
PLACE = re.compile(r"\A(.+?):\d{1,9}:\d{1,9}\Z")
SCRIPT = re.compile(
    r"\A(?:[a-z][a-z0-9+.\-]{1,30}:/|/)|\.(?:m?[jt]sx?|cjs|vue|svelte|html?)(?:[?#]|\Z)|\A\[native code\]\Z"
)
HASHED = re.compile(r"\A(.*?)[.\-_]([A-Za-z0-9_\-]{8})\Z")
HEX = re.compile(r"\A[0-9a-f]{6,64}\Z")
WORDS = re.compile(r"\A(?:[A-Za-z][a-z]*)(?:[A-Z][a-z]+)*\Z")
LIBRARIES = (
    ("node_modules", "node_modules:"),
    ("site-packages", "site-packages:"),
    ("dist-packages", "site-packages:"),
    ("/lib/python3", "site-packages:"),
    ("/gems/", "gems:"),
    ("/ruby/", "gems:"),
    ("/vendor/", "vendor:"),
)


def jvm(frame: str) -> tuple[str, str] | None:
    """Language and name of `app//com.acme.Order.create(Order.java:12)`."""
    place = JAVA_PLACE.search(frame)
    if not place:
        return None
    name = frame[: place.start()]
    if not JAVA_NAME.match(name):
        return None
    return "kotlin" if ".kt" in place[1] else "java", LAMBDA.sub("", name.rpartition("/")[2])


def dotnet(frame: str) -> str | None:
    name, bracket, _ = frame.partition("(")
    return name if bracket and "." in name and DOTNET_NAME.match(name) else None


def script(frame: str) -> str | None:
    """Of `caller (file:line:column)`, or `file:line:column`."""
    if frame.endswith(")"):
        caller, bracket, path = frame[:-1].rpartition(" (")
        if not bracket:
            return None
    else:
        caller, path = "", frame
    if path.startswith("<anonymous>") or path == "native":
        return f"<anonymous>:{_caller(caller)}" if caller else None
    place = PLACE.match(path)
    if not place or (" " in place[1] and not caller):
        return None
    return script_name(place[1], _caller(caller))


def firefox(line: str) -> str | None:
    """Of `caller@file:line:column`, as Firefox and Safari write it."""
    caller, at, path = line.partition("@")
    if at and path == "[native code]":
        return f"node:native:{caller}"
    if not at or " " in path or len(caller) > 200:
        return None
    place = PLACE.match(path)
    if not place or not SCRIPT.search(place[1]) or (" " in caller and not caller.endswith((" code", "*", " handler"))):
        return None
    return script_name(place[1], _named(caller))


def script_name(path: str, caller: str) -> str:
    if path.startswith(("node:", "internal/")):
        return f"node:{base(path)}:{caller}"
    inside = library(path)
    name, is_hashed = without_hash(base(path).partition("?")[0])
    if is_hashed and len(caller) <= 2:  # a minified name: other in the next build
        caller = ""
    return f"{inside}{name}:{caller}"


def without_hash(name: str) -> tuple[str, bool]:
    """`index-DVLC4zOk.js` of a bundler without what changes with each build."""
    stem, *endings = name.split(".")
    hashed = False
    parts = [stem, *endings[:-1]]
    kept = []
    for part in parts:
        found = HASHED.match(part)
        if found and _is_hash(found[2]):
            part, hashed = found[1], True
        elif _is_hex(part):
            hashed = True
            continue
        else:
            pieces = [piece for piece in part.split("-") if not _is_hex(piece)]
            hashed = hashed or len(pieces) < part.count("-") + 1
            part = "-".join(pieces)
        kept.append(part)
    return ".".join([*kept, *endings[-1:]]), hashed


def _is_hash(part: str) -> bool:
    """Letters and digits without sense: no word, and no words joined."""
    if part.isupper() and part.isalpha():
        return True
    return not WORDS.match(part) and any(letter.isupper() or letter.isdigit() for letter in part) and not part.isdigit()


def _is_hex(part: str) -> bool:
    return bool(HEX.match(part)) and any(letter.isdigit() for letter in part)


def go(line: str) -> str | None:
    """`package.(*Type).Method` of `package.(*Type).Method(arguments)`: all up to the last bracket that may end it."""
    found = GO_NAME.match(line)
    if not found or not line.endswith(")"):
        return None
    if found[0].startswith("panic("):
        return "panic"
    end = found[0].rfind("(")
    brace = found[0].find("({")
    end = brace if brace > 0 else end
    dot = found[1].find(".", 1)
    return line[:end] if 0 < dot < end - 1 else None


def php(line: str) -> str | None:
    found = PHP.match(line)
    if not found or found[2] == "{main}":
        return None
    call = found[2].partition("(")[0].replace("\\\\", "\\")
    return f"{library(found[1])}{base(found[1])}:{call}" if found[1] else f"[internal function]:{call}"


def ruby(line: str) -> tuple[str, str] | None:
    """Name and what is said behind it: `undefined method … (NoMethodError)` in the first line."""
    found = RUBY.match(line)
    if not found or not (found[2] or found[3]):
        return None
    return f"{library(found[1])}{base(found[1])}:{(found[2] or '').removeprefix('block in ')}", found[3] or ""


def rust(line: str) -> str | None:
    found = RUST.match(line)
    return RUST_HASH.sub("", found[1]) if found else None


def python(path: str, function: str) -> str:
    return f"{library(path)}{base(path)}:{function.strip()}"


def library(path: str) -> str:
    path = path.replace("\\", "/")
    return next((mark for part, mark in LIBRARIES if part in path), "")


def base(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]


def _caller(caller: str) -> str:
    return caller.removeprefix("async ").removeprefix("new ").partition(" [as ")[0] or "<anonymous>"


def _named(caller: str) -> str:
    """Of `async*load/run<`: the function that is written down."""
    caller = caller.rpartition("*")[2]
    return (caller.partition("/")[0] if caller.endswith("<") else caller) or "<anonymous>"
