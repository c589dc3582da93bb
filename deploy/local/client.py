"""Acts as Bihuan's clients through the gateway, tells what it does, and hears every event that follows."""

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2
from opentelemetry import propagate, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind

from deploy.local.people import Person, find
from deploy.local.running import Reachable
from deploy.local.story_words import EVENT_WORDS
from deploy.local.words import say
from shared.terms import Role

PATIENCE = 20.0  # seconds for an event to arrive
BOLD, DIM, PLAIN = "\033[1m", "\033[2m", "\033[0m"


class StepFailed(Exception):
    """What was promised did not happen."""


@dataclass
class DemoClient:
    stack: Reachable
    colour: bool = False
    steps: int = 0
    events: list[dict[str, Any]] = field(default_factory=list)
    step: str = "start"
    last_span: str = ""

    def __post_init__(self) -> None:
        self._http = httpx2.AsyncClient(base_url=self.stack.url, timeout=30, trust_env=False)
        self._tokens = {person: self.stack.token(person) for person in map(find, ROLES_ON_STAGE)}
        self._heard = asyncio.Condition()
        self._open = asyncio.Event()
        provider = TracerProvider(resource=Resource.create({"service.name": "client"}))
        provider.add_span_processor(
            BatchSpanProcessor(OTLPSpanExporter(f"{self.stack.collector_url}/v1/traces"), schedule_delay_millis=300)
        )
        self._provider = provider
        self._tracer = provider.get_tracer("demo")
        self._told = 0

    async def __aenter__(self) -> "DemoClient":
        self._stream = asyncio.create_task(self._listen())
        await asyncio.wait_for(self._open.wait(), PATIENCE)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stream.cancel()
        await asyncio.gather(self._stream, return_exceptions=True)
        await self._http.aclose()
        await asyncio.to_thread(self._provider.shutdown)

    async def settled(self, silence: float = 0.4) -> None:
        """Until no event has come for a while."""
        seen = -1
        while seen != len(self.events):
            seen = len(self.events)
            await asyncio.sleep(silence)

    async def clock_met(self, clock: str, subject: str, begun: int) -> bool:
        """Whether this clock was met within its target."""
        await self.settled()
        for event in self.events[begun:]:
            if event["kind"] == "sla.met" and event["subject"] == subject and event["data"]["clock"] == clock:
                return bool(event["data"]["within_target"])
        return False

    # ---- the journey of one ticket is one trace

    def journey(self, name: str) -> trace.Span:
        return self._tracer.start_span(name)

    # ---- telling

    def chapter(self, title: str) -> None:
        say(f"\n{self._as(BOLD, title)}")

    def note(self, text: str) -> None:
        say(f"      {text}")

    def _as(self, code: str, text: str) -> str:
        return f"{code}{text}{PLAIN}" if self.colour else text

    # ---- acting

    async def act(
        self,
        who: str,
        sentence: str,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        on: trace.Span | None = None,
        expect: int = 200,
        files: Mapping[str, Any] | None = None,
        leads_to: Sequence[str] = (),
        subject: str = "",
    ) -> Any:
        """Do one thing as somebody; wait for the kinds of events that it must lead to; returns the answer's body."""
        person = find(who)
        self.steps += 1
        self.step = sentence
        role = Role.of(person.roles[0]).label
        say(f"{self.steps:>3}. {person.name} ({role.en} {role.zh}): {sentence}")
        begun = len(self.events)
        headers = {"Authorization": f"Bearer {self._token(person)}", "Accept-Language": person.lang}
        context = trace.set_span_in_context(on) if on else None
        with self._tracer.start_as_current_span(f"{method} {path}", context=context, kind=SpanKind.CLIENT) as span:
            self.last_span = f"{span.get_span_context().span_id:016x}"
            propagate.inject(headers)
            answer = await self._http.request(method, path, json=body, files=files, headers=headers)
        self.note(self._as(DIM, f"{method} {path} → {answer.status_code}"))
        if answer.status_code != expect:
            raise StepFailed(f"{method} {path} answered {answer.status_code}, not {expect}: {answer.text[:600]}")
        content = answer.json() if "json" in answer.headers.get("content-type", "") else answer.content
        for kind in leads_to:
            await self.until(kind, subject or self._subject(content), begun)
        if leads_to:
            await asyncio.sleep(0.2)  # what else follows is told with it
        self._print_events()
        return content

    async def until(self, kind: str, subject: str = "", begun: int = 0) -> dict[str, Any]:
        """The first event of this kind (about this subject) from that place on; raises StepFailed."""

        def there() -> dict[str, Any] | None:
            for event in self.events[begun:]:
                if event["kind"] == kind and subject in ("", event["subject"]):
                    return event
            return None

        try:
            async with asyncio.timeout(PATIENCE), self._heard:
                await self._heard.wait_for(lambda: there() is not None)
        except TimeoutError as error:
            raise StepFailed(f"no {kind} {subject} within {PATIENCE:.0f} s") from error
        found = there()
        assert found
        return found

    def expect(self, condition: object, promise: str) -> None:
        if not condition:
            raise StepFailed(promise)

    def _print_events(self) -> None:
        new, self._told = self.events[self._told :], len(self.events)
        new = [event for event in new if event["kind"] != "notify.delivered"]
        if new:
            kinds = dict.fromkeys(event["kind"] for event in new)
            self.note("→ " + ", ".join(f"{kind} {EVENT_WORDS.get(kind, '')}".strip() for kind in kinds))

    def _subject(self, content: Any) -> str:
        if isinstance(content, dict):
            return str(content.get("ticket") or "")
        return ""

    def _token(self, person: Person) -> str:
        return self._tokens.get(person) or self._tokens.setdefault(person, self.stack.token(person))

    # ---- hearing

    async def _listen(self) -> None:
        """The live stream of notify, as any subscriber would read it; resumes where it broke off."""
        last = ""
        while True:
            headers = {"Authorization": f"Bearer {self._token(find('lead'))}", "Accept": "text/event-stream"}
            if last:
                headers["Last-Event-ID"] = last
            try:
                async with self._http.stream("GET", "/v1/events", headers=headers, timeout=None) as stream:
                    if stream.status_code != 200:
                        raise StepFailed(f"the live stream answered {stream.status_code}")
                    self._open.set()
                    async for line in stream.aiter_lines():
                        if line.startswith("id:"):
                            last = line[3:].strip()
                        elif line.startswith("data:"):
                            await self._hear(line[5:].strip())
            except httpx2.HTTPError:
                await asyncio.sleep(0.2)

    async def _hear(self, data: str) -> None:
        try:
            event = json.loads(data)
        except ValueError:
            return
        if not isinstance(event, dict) or "type" not in event:
            return
        kind = str(event["type"]).removeprefix("bihuan.").rsplit(".v", 1)[0]
        async with self._heard:
            self.events.append({**event, "kind": kind, "heard": time.monotonic()})
            self._heard.notify_all()


ROLES_ON_STAGE = ("lead", "u-wang", "u-zhao", "u-sun", "e-chen", "e-zhou", "a-lin", "k-he")
