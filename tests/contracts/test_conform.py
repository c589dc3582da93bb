"""What the live conformance run puts into the contract is there to be put into."""

from deploy.contracts.files import read
from tests.live.conform.document import BODIES, EXAMPLES, FIRST, NAMED


def test_every_field_that_gets_real_values_is_one_of_a_body() -> None:
    schemas = read("openapi.json")["components"]["schemas"]
    gone = [
        f"{name}.{field}"
        for name, field in (*BODIES, *EXAMPLES)
        if field not in schemas.get(name, {}).get("properties", {})
    ]
    assert gone == []


def test_every_operation_that_gets_a_ticket_of_its_own_is_an_operation() -> None:
    paths = read("openapi.json")["paths"]
    assert [end for end in FIRST if not any(path.endswith(end) for path in paths)] == []
    assert [noun for noun in NAMED if not any(f"/{noun}/{{" in path for path in paths)] == []
