import json
from pathlib import Path

import pytest

from deploy.local.identity import Identity
from deploy.local.options import AUDIENCE, ISSUER
from deploy.local.people import PEOPLE, Person
from shared.settings import Settings
from shared.terms import Role
from shared.tokens import TokenVerifier


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.sub)
async def test_a_token_of_the_development_identity_is_an_access_token(tmp_path: Path, person: Person) -> None:
    identity = Identity.of(tmp_path)
    keys = tmp_path / "jwks.json"
    keys.write_text(json.dumps(identity.jwks()), "utf-8")
    verifier = TokenVerifier(Settings(jwks=str(keys), issuer=ISSUER, audience=AUDIENCE, at_jwt_only=True))
    principal = await verifier.principal(f"Bearer {identity.mint(person)}")
    assert (principal.sub, principal.roles) == (person.sub, frozenset(map(Role.of, person.roles)))
    assert (principal.name, principal.email, principal.company) == (person.name, person.email, person.company or "")
