"""The collector's pages: tickets, traces as waterfalls, mails. Rendered here, nothing loaded from elsewhere."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from deploy.local.mail import Mail
from deploy.local.markup import Html, join, tag
from deploy.local.span_store import TicketLine, TraceLine
from deploy.local.spans import Span
from deploy.local.waterfall import duration, legend, waterfall

td, th, h1, h2, p, a = (partial(tag, name) for name in ("td", "th", "h1", "h2", "p", "a"))

WORDS = {
    "title": ("Bihuan traces", "闭环链路追踪"),
    "tickets": ("Tickets", "工单"),
    "traces": ("Traces", "链路"),
    "mails": ("Mails", "邮件"),
    "ticket": ("Ticket", "工单"),
    "trace": ("Trace", "链路"),
    "last": ("Last seen", "最近"),
    "first": ("Begins with", "起点"),
    "service": ("Service", "服务"),
    "spans": ("Spans", "跨度"),
    "errors": ("Errors", "错误"),
    "takes": ("Takes", "耗时"),
    "time": ("Time", "时间"),
    "from": ("From", "发件人"),
    "to": ("To", "收件人"),
    "subject": ("Subject", "主题"),
    "sign_in": ("Sign in as", "以此身份登录"),
    "none": ("Nothing here yet.", "暂无内容。"),
    "cut": ("Dashed lines: idle time that was cut out.", "虚线：省略的空闲时间。"),
    "other": ("中文", "English"),
}

STYLE = Path(__file__).with_name("pages.css").read_text("utf-8")


def words(lang: str, key: str) -> str:
    en, zh = WORDS[key]
    return zh if lang == "zh" else en


def page(lang: str, title: str, *body: object) -> str:
    say = partial(words, lang)
    other = "en" if lang == "zh" else "zh"
    nav = tag(
        "nav",
        a(say("tickets"), href=f"/?lang={lang}"),
        a(say("traces"), href=f"/?lang={lang}#traces"),
        a(say("mails"), href=f"/mail?lang={lang}"),
        a(say("other"), href=f"?lang={other}", lang=other, class_="end"),
    )
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width"),
        tag("title", f"{title} · {say('title')}"),
        tag("style", Html(STYLE)),
    )
    return "<!doctype html>" + tag("html", head, tag("body", nav, tag("main", h1(title), *body)), lang=lang)


def home(lang: str, tickets: Sequence[TicketLine], traces: Sequence[TraceLine]) -> str:
    say = partial(words, lang)
    ticket_rows = [
        (a(line.ticket, href=f"/tickets/{line.ticket}?lang={lang}"), line.traces, clock(line.end_us))
        for line in tickets
    ]
    trace_rows = [
        (
            a(f"{line.name}", href=f"/traces/{line.trace_id}?lang={lang}"),
            line.service,
            line.spans,
            tag("span", line.errors, class_="bad") if line.errors else 0,
            duration(line.end_us - line.start_us),
            clock(line.start_us),
        )
        for line in traces
    ]
    return page(
        lang,
        say("title"),
        h2(say("tickets")),
        table(lang, (say("ticket"), say("traces"), say("last")), ticket_rows),
        h2(say("traces"), id="traces"),
        table(lang, [say(key) for key in ("first", "service", "spans", "errors", "takes", "time")], trace_rows),
    )


def ticket_page(lang: str, number: str, traces: Sequence[Sequence[Span]]) -> str:
    return page(lang, f"{words(lang, 'ticket')} {number}", *_traces(lang, traces))


def trace_page(lang: str, trace_id: str, spans: Sequence[Span]) -> str:
    return page(lang, f"{words(lang, 'trace')} {trace_id}", *_traces(lang, [spans] if spans else []))


def _traces(lang: str, traces: Sequence[Sequence[Span]]) -> list[Html]:
    say = partial(words, lang)
    if not traces:
        return [p(say("none"))]
    parts = [legend({span.service for spans in traces for span in spans}), p(tag("small", say("cut")))]
    for spans in traces:
        first = spans[0]
        errors = sum(span.error for span in spans)
        bad = tag("span", f" · {errors} {say('errors')}", class_="bad") if errors else None
        facts = [
            clock(first.start_us),
            f"{len(spans)} {say('spans')}",
            duration(max(span.end_us for span in spans) - first.start_us),
        ]
        parts += [
            h2(
                a(first.name, href=f"/traces/{first.trace_id}?lang={lang}"),
                " ",
                tag("small", " · ".join(facts), bad),
            ),
            waterfall(spans),
        ]
    return parts


def mail_list(lang: str, mails: Iterable[Mail]) -> str:
    say = partial(words, lang)
    rows = [
        (a(mail.subject or "-", href=f"/mail/{mail.id}?lang={lang}"), mail.sender, ", ".join(mail.to), _time(mail.at))
        for mail in mails
    ]
    return page(lang, say("mails"), table(lang, [say(key) for key in ("subject", "from", "to", "time")], rows))


def mail_page(lang: str, mail: Mail) -> str:
    say = partial(words, lang)
    facts = ((say("from"), mail.sender), (say("to"), ", ".join(mail.to)), (say("time"), _time(mail.at)))
    rows = [tag("tr", th(name), td(value)) for name, value in facts]
    return page(lang, mail.subject or "-", tag("table", rows), tag("pre", mail.text))


def table(lang: str, heads: Iterable[str], rows: Sequence[Sequence[object]]) -> Html:
    if not rows:
        return p(words(lang, "none"))
    body = [tag("tr", [td(cell, class_="n" if isinstance(cell, int) else None) for cell in row]) for row in rows]
    return tag("table", tag("tr", [th(head) for head in heads]), join(body))


def clock(at_us: int) -> str:
    return _time(datetime.fromtimestamp(at_us / 1e6))


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S")


def sign_in_page(lang: str, people: Html) -> str:
    return page(lang, words(lang, "sign_in"), people)
