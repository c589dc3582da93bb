"""The desk through its gateway, as people with a browser use it: what was not answered is asked again."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, TypeVar

import httpx2

from deploy.local.people import Person
from deploy.local.stack import Stack

AWAY = (429, 500, 502, 503, 504)  # worth another try
PAUSE = 0.3  # seconds, where the answer names none
PATIENCE = 90.0  # seconds
Json = dict[str, Any]
Who = Person | str
T = TypeVar("T")


@dataclass
class Desk:
    """`failures` are the answers 500: worth another try to people, but a fault to us. `patience`: seconds. `done`:
    method and path of each request that had to succeed, and did."""

    stack: Stack
    patience: float = PATIENCE
    failures: list[str] = field(default_factory=list)
    done: set[tuple[str, str]] = field(default_factory=set)
    _tokens: dict[Who, str] = field(default_factory=dict)

    async def __aenter__(self) -> "Desk":
        self._client = httpx2.AsyncClient(timeout=40, trust_env=False)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    def token(self, who: Who) -> str:
        if who not in self._tokens:
            self._tokens[who] = self.stack.token(who)
        return self._tokens[who]

    async def ask(
        self,
        who: Who | None,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        **other: Any,
    ) -> httpx2.Response:
        """One request, whatever the answer is."""
        sent = {"Accept-Language": "en", **(headers or {})}
        if who:
            sent["Authorization"] = f"Bearer {self.token(who)}"
        return await self._client.request(method, f"{self.stack.url}/{path}", json=body, headers=sent, **other)

    async def insist(
        self,
        who: Who,
        method: str,
        path: str,
        body: Any = None,
        key: str = "",
        not_yet: Sequence[int] = (),
        **other: Any,
    ) -> httpx2.Response:
        """The same request again and again while the desk, or a part of it, is away or has not got as far."""
        headers = {"Idempotency-Key": key} if key else {}
        heard = "nothing"
        try:
            async with asyncio.timeout(self.patience):
                while True:
                    pause = PAUSE
                    try:
                        answer = await self.ask(who, method, path, body, headers, **other)
                    except httpx2.TransportError as error:
                        heard = repr(error)
                    else:
                        status = answer.status_code
                        if status not in (*AWAY, *not_yet):
                            return answer
                        heard = f"{method} {path}: {status} {answer.text[:300]}"
                        if status == 500:
                            self.failures.append(heard)
                        pause = float(answer.headers.get("Retry-After", 1.0 if status in not_yet else PAUSE))
                    await asyncio.sleep(pause)
        except TimeoutError as error:
            raise AssertionError(f"{method} {path} was not answered within {self.patience} s: {heard}") from error

    async def do(self, who: Who, method: str, path: str, body: Any = None, key: str = "", **other: Any) -> Any:
        """The body of the answer, which must be a success."""
        answer = await self.insist(who, method, path, body, key, **other)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text[:600]}"
        self.done.add((method, f"/{path.partition('?')[0]}"))
        return answer.json()

    async def all(self, who: Who, path: str, **filters: str) -> list[Json]:
        """Every page of a list."""
        found: list[Json] = []
        page: Json = {"next": ""}
        while page["next"] is not None:
            after = {"after": page["next"]} if page["next"] else {}
            page = await self.do(who, "GET", path, params={"limit": 100, **filters, **after})
            found += page["items"]
        return found


async def eventually(look: Callable[[], Awaitable[T]], within: float = PATIENCE) -> T:
    """The first answer that is not empty."""
    async with asyncio.timeout(within):
        while True:
            if found := await look():
                return found
            await asyncio.sleep(PAUSE)
