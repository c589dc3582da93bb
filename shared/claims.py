"""What the claims of a verified token say about a person; nothing in them is taken on trust as to its type.

A person is the issuer and the subject. Of people one issuer is trusted (`BIHUAN_ISSUER`, compared as a whole), so the
subject alone tells them apart, and it is taken whole or not at all, like the company. Machine clients with API keys
have an issuer of our own, and subjects that no person can have.
"""

from collections.abc import Mapping
from typing import Any

from shared.auth import Principal
from shared.domain import Unauthenticated
from shared.terms import API_KEY, Role, is_subject
from shared.texts import is_email_address

COMPANY_LENGTH = 200
NAME_LENGTH = 200
ROLES = {role.value: role for role in Role}
# Claims that only ID tokens have; an access token of Keycloak says that it is one, and may carry a nonce all the same.
OF_ID_TOKENS = ("nonce", "at_hash", "c_hash", "s_hash")
ACCESS_TOKEN = "at+jwt"  # noqa: S105 - a type, not one


def invalid_token() -> Unauthenticated:
    return Unauthenticated("The token is invalid", "令牌无效")


def is_access_token(typ: object, claims: Mapping[str, Any], at_jwt_only: bool) -> bool:
    """Whether the `typ` of its header and its claims say so (RFC 9068: `at+jwt`).

    Many providers still write `JWT` or nothing: that passes unless `at_jwt_only` is set, or unless the claims are
    those of an ID token.
    """
    said = str(typ or "JWT").lower().removeprefix("application/")
    if said == ACCESS_TOKEN:
        return True
    kind = claims.get("typ", "Bearer")
    if at_jwt_only or said != "jwt" or kind != "Bearer":
        return False
    return "typ" in claims or not any(claim in claims for claim in OF_ID_TOKENS)


def principal_of(claims: Mapping[str, Any], roles_claim: str, company_claim: str) -> Principal:
    """Raises Unauthenticated when what decides about access is malformed; what is only shown is left out then."""
    sub = claims.get("sub")
    if not isinstance(sub, str) or not is_subject(sub):
        raise invalid_token()
    return Principal(
        sub,
        _roles(find(claims, roles_claim)),
        name=_words(claims.get("name"))[:NAME_LENGTH],
        email=_address(claims.get("email")),
        company=_company(find(claims, company_claim)),
        language=_words(claims.get("lang"))[:8],
    )


def machine_of(claims: Mapping[str, Any]) -> Principal:
    """Of a token for an API key (RFC 9068: `scope` is a list with spaces). Raises Unauthenticated."""
    sub, scope = claims.get("sub"), claims.get("scope")
    if not isinstance(sub, str) or not sub.startswith(API_KEY) or not isinstance(scope, str):
        raise invalid_token()
    return Principal(
        sub, frozenset({Role.SERVICE}), _words(claims.get("name"))[:NAME_LENGTH], scopes=frozenset(scope.split())
    )


def path_of(claim: str) -> list[str]:
    """`realm_access.roles` is `roles` inside `realm_access`; a claim with a slash or colon (an address) is one name."""
    return [claim] if "/" in claim or ":" in claim else claim.split(".")


def find(claims: Mapping[str, Any], claim: str) -> Any:
    found: Any = claims
    for name in path_of(claim):
        if not isinstance(found, Mapping):
            return None
        found = found.get(name)
    return found


def _roles(said: Any) -> frozenset[Role]:
    """From a list, or from a text with spaces or commas between; nothing is no role, and unknown names mean nothing."""
    if said is None:
        return frozenset()
    names = said.replace(",", " ").split() if isinstance(said, str) else said
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise invalid_token()
    return frozenset(ROLES[name] for name in names if name in ROLES)


def _company(said: Any) -> str:
    if said is None:
        return ""
    if not isinstance(said, str) or len(said) > COMPANY_LENGTH or not said.isprintable():
        raise invalid_token()
    return said.strip()


def _words(said: Any) -> str:
    return "".join(letter for letter in said if letter.isprintable()).strip() if isinstance(said, str) else ""


def _address(said: Any) -> str:
    return said if isinstance(said, str) and is_email_address(said) else ""
