"""An OpenID provider for tests of signing in."""

from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse


@dataclass
class FakeProvider:
    """Speaks OAuth's token endpoint on a socket; `token` is what a code is worth."""

    token: object = ""
    status: int = 200
    asked: list[dict[str, str]] = field(default_factory=list)

    async def answer(self, request: Request) -> JSONResponse:
        form = await request.form()
        self.asked.append({name: str(value) for name, value in form.items()})
        return JSONResponse({"access_token": self.token}, self.status)
