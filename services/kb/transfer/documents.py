"""An article as a Markdown document with front matter: what folders hold and exports write.

Front matter is the part of YAML that people use in it: `key: text`, `key: [a, b]`, and lists of `- text` lines."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from services.kb.articles.content import Content
from shared.texts import without_controls

FENCE = "---"
MOST_LINES = 100  # of front matter
_KEY = re.compile(r"([A-Za-z_][A-Za-z0-9_-]{0,39}):[ \t]*(.*)")
_HEADING = re.compile(r"(#{1,6})[ \t]+(.+)")
_ESCAPED = re.compile(r"\\(.)")
_COMMA = re.compile(r"[,，;；]")
# The parts of an article by what people call them.
PARTS: Mapping[str, str] = {
    **dict.fromkeys(("problem", "symptom", "symptoms", "issue", "问题", "症状", "现象", "问题描述"), "problem"),
    **dict.fromkeys(("cause", "root cause", "reason", "原因", "根本原因", "原因分析"), "root_cause"),
    **dict.fromkeys(
        ("solution", "resolution", "fix", "workaround", "解决", "解决方案", "解决办法", "解决方法", "处理方法"),
        "solution",
    ),
}
NAMES = {
    "zh": {"problem": "问题", "root_cause": "原因", "solution": "解决办法"},
    "en": {"problem": "Problem", "root_cause": "Cause", "solution": "Solution"},
}
LISTS = ("tags", "affected_versions", "fixed_versions", "fingerprints")
LINES = ("product", "product_version", "audience", "category")


def facts_of(text: str, name: str) -> dict[str, Any]:
    """What a document says, as the fields of a content; `name` is its title where it has none."""
    facts, body = _front_matter(str(without_controls(text)))
    parts = _parts(body)
    title = str(facts.get("title") or "").strip() or parts.pop("title", "") or name
    parts.pop("title", None)
    if "solution" not in parts:
        rest = "\n\n".join(part for key in ("", "problem", "root_cause") if (part := parts.get(key, "")))
        parts = {"problem": title, "solution": rest}
    elif head := parts.pop("", ""):
        parts["problem"] = f"{head}\n\n{parts.get('problem', '')}".strip()
    parts.pop("", None)
    known: dict[str, Any] = {key: _several(facts[key]) for key in LISTS if key in facts}
    known |= {key: str(facts[key]).strip() for key in LINES if isinstance(facts.get(key), str) and facts[key]}
    return {"title": title, "problem": title, **{key: value for key, value in parts.items() if value}, **known}


def document_of(content: Content, language: str) -> str:
    """The other way round: read again it is the same content."""
    lines = [FENCE, f"title: {_quoted(content.title)}"]
    lines += [f"{key}: {_quoted(str(value))}" for key in LINES if (value := getattr(content, key))]
    lines += [f"{key}: [{', '.join(map(_quoted, value))}]" for key in LISTS if (value := getattr(content, key))]
    names = NAMES[language]
    parts = [
        f"# {names[key]}\n\n{_as_one_part(text)}"
        for key in ("problem", "root_cause", "solution")
        if (text := getattr(content, key))
    ]
    return "\n".join([*lines, FENCE, ""]) + "\n" + "\n\n".join(parts) + "\n"


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    lines = text.split("\n")
    if lines[0].strip() != FENCE:
        return {}, text
    facts: dict[str, Any] = {}
    key = ""
    for at, line in enumerate(lines[1 : MOST_LINES + 1], 1):
        if line.strip() == FENCE:
            return facts, "\n".join(lines[at + 1 :])
        if found := _KEY.fullmatch(line):
            key = found[1].lower().replace("-", "_")
            facts[key] = _value(found[2].strip())
        elif key and line.strip().startswith("- "):
            item = _value(line.strip()[2:].strip())
            facts[key] = [*_several(facts[key]), *_several(item)]
    return {}, text


def _value(text: str) -> Any:
    if text.startswith("[") and text.endswith("]"):
        return [_unquoted(one) for one in _split(text[1:-1])]
    return _unquoted(text)


def _split(text: str) -> list[str]:
    """At commas outside of quotation marks."""
    found, quote, part, escaped = [], "", "", False
    for sign in text:
        if sign == "," and not quote:
            found.append(part)
            part = ""
            continue
        if sign in "\"'" and not escaped:
            quote = "" if quote == sign else quote or sign
        escaped = sign == "\\" and not escaped
        part += sign
    return [one.strip() for one in (*found, part) if one.strip()]


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        return _ESCAPED.sub(r"\1", text[1:-1])
    return text[1:-1].replace("''", "'") if len(text) > 1 and text[0] == text[-1] == "'" else text


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _several(value: Any) -> list[str]:
    if isinstance(value, list):
        return [str(one) for one in value if str(one).strip()]
    return [one.strip() for one in _COMMA.split(str(value)) if one.strip()]


def _as_one_part(text: str) -> str:
    """A heading of its own that would begin another part stands behind one blank more, which Markdown shows alike; code
    that nobody has ended ends with it, as it does where it is shown."""
    lines = text.split("\n")
    open_fence, marked = "", list[str]()
    for line, fence in zip(lines, fences(lines), strict=True):
        marked.append(f" {line}" if not fence and _names_part(line.lstrip(" ")) else line)
        open_fence = fence
    return "\n".join([*marked, open_fence] if open_fence else marked)


def fences(lines: Sequence[str]) -> Iterator[str]:
    """For each line the mark of the code that is open behind it; empty outside of code."""
    fence = ""
    for line in lines:
        mark = line.strip()[:3]
        if mark in ("```", "~~~"):
            fence = "" if fence == mark else fence or mark
        yield fence


def _names_part(line: str) -> str:
    found = _HEADING.fullmatch(line.rstrip())
    return PARTS.get(found[2].strip(" #：:").lower(), "") if found else ""


def _parts(body: str) -> dict[str, str]:
    """By the headings that name them; what stands before the first one is under the empty name. A first heading that
    names no part is the title."""
    parts: dict[str, list[str]] = {"": []}
    key, title = "", ""
    lines = body.split("\n")
    for line, fence in zip(lines, fences(lines), strict=True):
        found = None if fence else _HEADING.fullmatch(line.rstrip())
        name = _names_part(line) if found else ""
        if name and name not in parts:
            key = name
            parts[key] = []
        elif found and found[1] == "#" and not title and not any(parts[""]) and not key:
            title = found[2].strip()
        elif not fence and line.startswith(" ") and _names_part(line.lstrip(" ")):
            parts[key].append(line[1:])
        else:
            parts[key].append(line)
    texts = {name: "\n".join(said).strip() for name, said in parts.items()}
    return {**({"title": title} if title else {}), **texts}
