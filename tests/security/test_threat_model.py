"""SECURITY.md: every test that it points to is there."""

import re

from tests.security.audit import ROOT

TEXT = (ROOT / "SECURITY.md").read_text("utf-8")
FLOW = re.compile(r"^\| .*[→↔].* \|$|^\| (?:files|texts from outside) .* \|$", re.MULTILINE)


def test_every_flow_names_tests_that_there_are() -> None:
    flows = FLOW.findall(TEXT)
    assert len(flows) == 15
    for flow in flows:
        named = re.findall(r"`(tests/[\w/.]+)`", flow.rpartition(" | ")[2] or flow)
        named = named or re.findall(r"`(tests/[\w/.]+)`", flow)
        assert named, flow
        assert [path for path in named if not (ROOT / path).exists()] == []


def test_what_is_named_of_the_code_and_the_settings_is_there() -> None:
    for target in re.findall(r"`make ([a-z]+)`", TEXT):
        assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE), target
    for link in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert (ROOT / link).exists(), link
