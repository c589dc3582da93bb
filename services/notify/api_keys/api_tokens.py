"""Access tokens for machine clients: OAuth 2.0 client credentials (RFC 6749, 4.4), and the keys by which they are
verified. Whoever calls these shows who they are by what they send, not by a token."""

import base64
import binascii
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import parse_qsl, unquote_plus

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from services.notify.api_keys.handlers import ApiKeyHandlers, Denied
from services.notify.api_keys.views import KeySetView, TokenErrorView, TokenView
from shared.domain import TooLarge

router = APIRouter(prefix="/oauth2", tags=["API keys"])
FORM = "application/x-www-form-urlencoded"
LARGEST, MOST_FIELDS = 4096, 20  # bytes of a request, and its fields
LONGEST = 200  # characters of an id and of a secret
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
WHY = {
    "invalid_request": "The form is malformed, or something in it is missing or repeated",
    "invalid_client": "There is no such client, or this is not its secret, or it has expired or is revoked",
    "invalid_scope": "The key does not have that scope",
    "unsupported_grant_type": "Only client_credentials is supported",
}
FIELDS: dict[str, Any] = {
    "grant_type": {"type": "string", "enum": ["client_credentials"], "description": "Always the same"},
    "client_id": {"type": "string", "description": "The key's id, unless HTTP Basic says it"},
    "client_secret": {"type": "string", "description": "The key's secret, unless HTTP Basic says it"},
    "scope": {"type": "string", "description": "Fewer scopes than the key has, with spaces between"},
}
BODY = {
    "required": True,
    "content": {FORM: {"schema": {"type": "object", "required": ["grant_type"], "properties": FIELDS}}},
}


async def handlers(request: Request) -> ApiKeyHandlers:
    found: ApiKeyHandlers = request.app.state.service.api_keys
    return found


Handlers = Annotated[ApiKeyHandlers, Depends(handlers)]


@router.post(
    "/token",
    responses={400: {"model": TokenErrorView}, 401: {"model": TokenErrorView}},
    openapi_extra={"requestBody": BODY, "security": []},
    response_model=TokenView,
)
async def exchange_api_key(request: Request, keys: Handlers) -> JSONResponse:
    """Exchange an API key for an access token: its id and secret by HTTP Basic or in the form."""
    try:
        form = _form(request.headers.get("content-type", ""), await request.body())
        id, secret = _client(request.headers.get("authorization", ""), form)
        if form.get("grant_type") != "client_credentials":
            raise Denied("unsupported_grant_type" if "grant_type" in form else "invalid_request")
        token = await keys.exchange(id, secret, form["scope"].split() if form.get("scope") else None)
    except Denied as denied:
        challenge = {"WWW-Authenticate": 'Basic realm="bihuan"'} if denied.error == "invalid_client" else {}
        said = TokenErrorView(error=denied.error, error_description=WHY[denied.error])
        return JSONResponse(said.model_dump(), 401 if challenge else 400, {**NO_STORE, **challenge})
    view = TokenView(access_token=token.token, expires_in=token.seconds, scope=" ".join(token.scopes))
    return JSONResponse(view.model_dump(), headers=NO_STORE)


@router.get("/jwks", openapi_extra={"security": []})
async def read_api_key_set(keys: Handlers) -> KeySetView:
    """The public keys by which these tokens are verified; a key that is revoked is not among them."""
    return KeySetView.model_validate(await keys.jwks())


def _form(media_type: str, body: bytes) -> Mapping[str, str]:
    """Raises Denied, TooLarge."""
    if len(body) > LARGEST:
        raise TooLarge("A token request has up to 4 KiB", "令牌请求不得超过 4 KiB")
    if media_type.partition(";")[0].strip().lower() != FORM:
        raise Denied("invalid_request")
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=bool(body), max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise Denied("invalid_request") from error
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Denied("invalid_request")
    return found


def _client(authorization: str, form: Mapping[str, str]) -> tuple[str, str]:
    """In one way or the other, not in both. Raises Denied."""
    id, secret = form.get("client_id", ""), form.get("client_secret", "")
    if authorization:
        if secret:
            raise Denied("invalid_request")
        said = _basic(authorization)
        if id and id != said[0]:
            raise Denied("invalid_request")
        id, secret = said
    if not id or not secret or len(id) > LONGEST or len(secret) > LONGEST:
        raise Denied("invalid_client")
    return id, secret


def _basic(authorization: str) -> tuple[str, str]:
    """Raises Denied."""
    scheme, _, encoded = authorization.partition(" ")
    try:
        id, colon, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeError, ValueError) as error:
        raise Denied("invalid_client") from error
    if scheme.lower() != "basic" or not colon:
        raise Denied("invalid_client")
    return unquote_plus(id), unquote_plus(secret)
