"""Staff are entered under their names when they sign in to the console, and colleagues read them."""

import pytest

from shared.testing import ADMIN, AGENT, AUDITOR, EDITOR, LEAD, VIEWER, WANG, Person, World
from tests.intake.console.test_sign_in import sign_in
from tests.intake.directory.scene import ask
from tests.intake.portal.browser import browser
from tests.intake.provider import FakeProvider


async def signed_in(world: World, provider: FakeProvider, who: Person) -> None:
    provider.token = world.token(who)
    async with browser(world, None) as client:
        assert (await sign_in(client)).headers["location"].startswith("/console")


async def names(world: World, who: Person = EDITOR) -> dict[str, str]:
    listed = await ask(world, "GET", "/v1/staff", None, 200, who=who)
    return {one["sub"]: one["name"] for one in listed["items"]}


async def test_who_signs_in_is_known_by_the_name_that_their_provider_said_last(
    world: World, provider: FakeProvider
) -> None:
    for who in (AGENT, EDITOR, WANG, Person("a-lin", ("agent",), name="林芳芳"), Person("e-x", ("engineer",), name="")):
        await signed_in(world, provider, who)
    assert await names(world) == {"a-lin": "林芳芳", "k-he": "何静"}  # no customer, and nobody without a name
    await signed_in(world, provider, Person("a-lin", ("agent",), name=""))
    assert (await names(world))["a-lin"] == "林芳芳"


async def test_it_is_read_page_by_page(world: World, provider: FakeProvider) -> None:
    for who in (AGENT, EDITOR, LEAD):
        await signed_in(world, provider, who)
    found, after = [], ""
    while True:
        page = await ask(world, "GET", f"/v1/staff?limit=1{after}", None, 200, who=LEAD)
        found += [one["sub"] for one in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert sorted(found) == sorted({AGENT.sub, EDITOR.sub, LEAD.sub})


@pytest.mark.parametrize("who", [AGENT, EDITOR, AUDITOR, ADMIN], ids=lambda who: who.roles[0])
async def test_colleagues_read_it(world: World, who: Person) -> None:
    assert await names(world, who) == {}


@pytest.mark.parametrize("who", [WANG, VIEWER], ids=lambda who: who.roles[0])
async def test_customers_do_not(world: World, who: Person) -> None:
    assert (await ask(world, "GET", "/v1/staff", None, 403, who=who))["code"] == "forbidden"
