"""What a check found, in both languages."""

from dataclasses import dataclass
from enum import StrEnum

from shared.terms import Text


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


LABELS = {
    State.OK: Text("ok", "正常"),
    State.WARNING: Text("look at it", "请留意"),
    State.WRONG: Text("WRONG", "有问题"),
}


@dataclass(frozen=True)
class Finding:
    check: str
    state: State
    text: Text


def ok(check: str, en: str, zh: str) -> Finding:
    return Finding(check, State.OK, Text(en, zh))


def warning(check: str, en: str, zh: str) -> Finding:
    return Finding(check, State.WARNING, Text(en, zh))


def wrong(check: str, en: str, zh: str) -> Finding:
    return Finding(check, State.WRONG, Text(en, zh))


def version_of(text: str) -> tuple[int, ...]:
    """`2.10.4-beta` is (2, 10, 4)."""
    return tuple(int(part) for part in text.partition("-")[0].split(".") if part.isdigit())


def clock(check: str, seconds: float) -> Finding:
    """`seconds`: how far the server's clock is before ours."""
    en, zh = f"its clock differs by {abs(seconds):.1f} s", f"与本机时钟相差 {abs(seconds):.1f} 秒"
    if abs(seconds) >= CLOCK_WRONG:
        return wrong(check, f"{en}: set the clocks by NTP", f"{zh}：请使用 NTP 校时")
    return warning(check, en, zh) if abs(seconds) >= CLOCK_ODD else ok(check, en, zh)


CLOCK_ODD, CLOCK_WRONG = 1.0, 5.0
