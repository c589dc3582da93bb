"""The development sign-in: an OpenID provider's two endpoints, where one picks who to be. The code flow with PKCE, and
nothing to type."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from urllib.parse import urlencode, urlsplit

import jwt
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from deploy.local.identity import ONE_DAY, Identity
from deploy.local.markup import Html, tag
from deploy.local.options import HOST
from deploy.local.people import PEOPLE, Person, find
from deploy.local.words import LaunchError

AUTHORIZE, TOKEN = "/authorize", "/token"
CODE = "bihuan-development-code"
ASKED = ("client_id", "redirect_uri", "state", "code_challenge")
CUSTOMERS = {"requester", "company_viewer"}
CONSOLE = "/console/"  # who comes from there is staff
li, a = (partial(tag, name) for name in ("li", "a"))


def people(asked: Mapping[str, str]) -> Html:
    """A link for each customer; for each of staff, with what they are, where the console asks."""
    query = {name: asked.get(name, "") for name in ASKED}
    staff = urlsplit(query["redirect_uri"]).path.startswith(CONSOLE)
    links = [
        li(a(f"{one.name} · {_known_by(one)} ({one.sub})", href=f"?{urlencode({**query, 'as': one.sub})}"))
        for one in PEOPLE
        if staff is not bool(CUSTOMERS.intersection(one.roles))
    ]
    return tag("ul", *links)


def _known_by(person: Person) -> str:
    return person.company or ", ".join((*person.roles, person.post) if person.post else person.roles)


def picked(identity: Identity, asked: Mapping[str, str]) -> Response:
    """Back to who asked, which must be on this machine, with a code that stands for the person."""
    back = asked.get("redirect_uri", "")
    if urlsplit(back).hostname not in (HOST, "localhost"):
        return PlainTextResponse("only back to this machine\n", 400)
    try:
        person = find(asked["as"])
    except LaunchError as error:
        return PlainTextResponse(f"{error}\n", 400)
    challenge = asked.get("code_challenge", "")
    code = identity.mint(person, timedelta(minutes=1), aud=CODE, challenge=challenge, back=back)
    return RedirectResponse(f"{back}?{urlencode({'code': code, 'state': asked.get('state', '')})}", 303)


async def exchange(identity: Identity, request: Request) -> Response:
    form = {name: str(value) for name, value in (await request.form()).items()}
    try:
        claims = jwt.decode(form.get("code", ""), identity.key.public_key(), algorithms=["ES256"], audience=CODE)
    except jwt.PyJWTError:
        return JSONResponse({"error": "invalid_grant"}, 400)
    verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
    if challenge != claims["challenge"] or form.get("redirect_uri") != claims["back"]:
        return JSONResponse({"error": "invalid_grant"}, 400)
    token = identity.mint(claims["sub"])
    return JSONResponse({"access_token": token, "token_type": "Bearer", "expires_in": int(ONE_DAY.total_seconds())})
