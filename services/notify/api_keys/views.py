"""What administrators send and see of API keys, and what machine clients are answered."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints

from services.notify.api_keys.domain import ApiKey, KeyState
from shared.http import Body, View, example
from shared.terms import Line

ScopeName = Annotated[str, StringConstraints(max_length=60, pattern=r"^[a-z_]+:[a-z_]+$")]
Scopes = Annotated[list[ScopeName], Field(min_length=1, max_length=40)]
Days = Annotated[int, Field(ge=1, le=366)]


class NewApiKey(Body):
    model_config = example(name="ERP", scopes=["ticket:open", "ticket:read", "message:post"], days=90)

    name: Line
    """What people call the machine client"""
    scopes: Scopes
    """What it may do: permissions of the role `service`, or fewer of them"""
    days: Days = 90
    """How long it is valid"""


class ApiKeyRotation(Body):
    model_config = example(overlap_hours=24, days=90)

    overlap_hours: Annotated[int, Field(ge=0, le=168)] = 24
    """How long the secret before counts beside the new one; 0 when it has leaked"""
    days: Days = 90
    """How long the key is valid from now on"""


class ApiKeyView(View):
    """A key of a machine client. Its secret is nowhere to be seen again."""

    id: str
    """Its id, which is the `client_id`"""
    name: str
    """What people call the machine client"""
    scopes: list[str]
    """What it may do"""
    hint: str
    """How its newest secret begins; empty when it is revoked"""
    state: KeyState
    """Whether it counts; one that has expired does not either"""
    expires_at: datetime
    """When it expires"""
    old_secret_until: datetime | None
    """Until when the secret before counts too; null where there is none"""
    created_at: datetime
    """When it was made"""
    created_by: str
    """By whom, as a subject"""
    revoked_at: datetime | None
    """When it was revoked; null while it is not"""
    revoked_by: str
    """By whom, as a subject; empty while it is not"""
    last_used_at: datetime | None
    """When it was last exchanged for a token, give or take a minute; null if never"""
    secret: str | None = None
    """The `client_secret` (`bhsk_…`): only in the answer to who made it, and never again"""

    @classmethod
    def of(cls, one: ApiKey, secret: str = "") -> Self:
        old = one.secrets[1].until if len(one.secrets) > 1 else None
        hint = one.secrets[0].hint if one.secrets else ""
        known = one.model_dump(exclude={"secrets"})
        return cls.model_validate({**known, "hint": hint, "old_secret_until": old, "secret": secret or None})


class TokenView(View):
    """An access token (RFC 6749, 5.1)."""

    access_token: str
    """To be sent as `Authorization: Bearer`"""
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105, the word that the standard has
    """Always `Bearer`"""
    expires_in: int
    """Seconds that it is valid; then ask for another"""
    scope: str
    """What it may be used for, with spaces between"""


class TokenErrorView(View):
    """Why there is no token (RFC 6749, 5.2)."""

    error: str
    """`invalid_request`, `invalid_client`, `invalid_scope` or `unsupported_grant_type`"""
    error_description: str
    """The same in a sentence"""


class KeySetView(View):
    """Public keys (RFC 7517)."""

    keys: list[dict[str, Any]]
    """Of every secret that counts; while there is none, one that signs for nobody"""
