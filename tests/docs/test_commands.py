"""Every command that the pages give is run by a test: the short ones here, as they stand there; of each other one it is
said which test runs it, or why none can."""

import asyncio
import json
import os
import re
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from deploy.local.options import CHECKOUT
from shared.testing import ADMIN, WANG, Servers, World, running
from tests.servers import app_factory, serving

HISTORY = ("CHANGELOG.md", "DECISIONS.md")
PAGES = [path for path in sorted([*CHECKOUT.glob("*.md"), *CHECKOUT.glob("docs/**/*.md")]) if path.name not in HISTORY]
PROGRAM = (
    r"(?:make|docker|kubectl|helm|bihuan|python3?|pip|apt(?:-get)?|curl|npm|npx|node|nats|mongodump|mongosh|grep|git|uv"
    r"|\.venv/bin/\S+)"
)
SPAN = re.compile(rf"`({PROGRAM}(?: [^`\n]+)?)`")
FENCED = re.compile(r"^```[a-z]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"^    (\S.*)$", re.MULTILINE)
LINE = re.compile(rf"^(?:\$ )?({PROGRAM}(?: .*?)?)(?: +#.*)?$", re.MULTILINE)
HERE = "tests/docs/test_commands.py"
LIVE, COMPOSE, COMMAND = "tests/live/test_story.py", "tests/deploy_live/test_compose.py", "tests/deploy/command"
STACK = "tests/deploy/test_stack.py"
# What runs a command: a test's file, or what CI itself runs.
RUN_BY = {
    r"make( sbom)?": HERE,
    r"make demo": LIVE,
    r"make (trace TICKET=TK-2026-000001|up)|\.venv/bin/python -m deploy\.local up --replicas 2": STACK,
    r"make (install|lint|test|check-console|console|test-console)": ".ci/run",
    r"make live": "tests/live/test_chaos.py",
    r"make new-service NAME=billing": "tests/deploy/test_new_service.py",
    r"make contracts": "tests/contracts",
    r"make catalogues": "tests/notify/templates/test_written.py",
    r"make audit( STRICT=1)?": "tests/security/test_audit.py",
    r"make (image|test-deploy( INSTALL=1)?)": COMPOSE,
    r"make eval": "tests/shared/test_eval.py",
    r"docker compose (--env-file \S+ -f deploy/compose/compose\.yaml|…|exec) .*": COMPOSE,
    r"helm lint .*": "tests/deploy/test_helm.py",
    r"make test-helm": "tests/deploy/test_helm_rendered.py",
    r"bihuan( --local)?|bihuan prepare( \w+)?": f"{COMMAND}/test_bus.py",
    r"bihuan doctor": f"{COMMAND}/test_doctor.py",
    r"bihuan (backup|drill|restore)( /backups/\S+)?( --replace)?": f"{COMMAND}/test_backup.py",
    r"bihuan bus (apply|show|narrow \w+|widen .*)": f"{COMMAND}/test_bus.py",
    r"bihuan dead-letters (list|show|replay|drop)\b.*": f"{COMMAND}/test_dead_letters.py",
    r"bihuan events (tail|replay)\b.*": f"{COMMAND}/test_events.py",
    r"bihuan rebuild \w+": "tests/deploy/test_rebuild.py",
    r"bihuan reindex \w+": "tests/intake/tickets/test_search_follows.py",
    r"bihuan demo-data": f"{COMMAND}/test_demo_data.py",
    r"python -m deploy\.gateway FILE": "tests/deploy/test_gateway_answers.py",
    r"python -m deploy\.scale( --write)?": "tests/deploy/test_scale.py",
    r"python -m tests\.bench\.sizing": "tests/journeys/test_sizes.py",
    r"python -m tests\.sla\.clocks\.truth": "tests/sla/clocks/test_truth.py",
    r"grep -rn TicketSolutionRejected services": HERE,
    r"curl .*": HERE,
}
NO_TEST = {
    r"make (check|fmt)": "calls what the others call, with nothing else",
    r"make (bench|bench-console)|python -m tests\.bench\b.*": "measures: says something on a quiet machine alone",
    r"make screenshots": "takes the pictures; the tests of the console use the same scenes and pages",
    r"(kubectl exec|helm install|helm upgrade)\b.*": "needs a cluster; what the chart makes is rendered and checked",
    r"apt(-get)? install .*": "changes the machine; CI installs the same packages by apt-get",
    r"pip install .*": "the extras are in requirements.lock, which `make install` installs",
    r"mongodump --oplog": "a tool of MongoDB's own, named as one way among others",
    r"python3 -m|python -m deploy\.narrow": "no command: the beginning of one, and one of an older release",
}


def commands() -> Iterator[tuple[str, str]]:
    """Page and command."""
    for page in PAGES:
        text = page.read_text("utf-8")
        blocks = "\n".join((*FENCED.findall(text), *INDENTED.findall(FENCED.sub("", text))))
        for found in (*SPAN.findall(FENCED.sub("", text)), *LINE.findall(blocks)):
            yield str(page.relative_to(CHECKOUT)), found.strip()


def kept(command: str) -> list[str]:
    return [one for one in (*RUN_BY, *NO_TEST) if re.fullmatch(one, command)]


def test_every_command_of_the_pages_is_run_or_it_is_said_why_not() -> None:
    found = [*commands()]
    assert len({command for _, command in found}) > 60
    assert [f"{page}: {command}" for page, command in found if not kept(command)] == []


def test_nothing_is_said_of_commands_that_no_page_gives_or_tests_that_are_gone() -> None:
    used = {one for _, command in commands() for one in kept(command)}
    assert {*RUN_BY, *NO_TEST} - used == set()
    assert [path for path in RUN_BY.values() if not (CHECKOUT / path).exists()] == []


@pytest.mark.parametrize("command", ["make coffee", "bihuan bus shrink", "docker run bihuan", "helm uninstall desk"])
def test_one_that_nothing_runs_is_found(command: str) -> None:
    assert kept(command) == []


def test_every_target_of_make_that_a_page_names_is_there() -> None:
    makefile = (CHECKOUT / "Makefile").read_text("utf-8")
    targets = {*re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE)}
    named = {(page, command.split()[1]) for page, command in commands() if command.startswith("make ")}
    assert len(named) > 30
    assert [one for one in sorted(named) if one[1] not in targets] == []


def test_make_alone_lists_the_targets() -> None:
    done = run("make", CHECKOUT)
    named = re.findall(r"^  make ([a-z-]+)", done, re.MULTILINE)
    assert {"up", "demo", "check", "test-deploy", "docs"} <= {*named}


def test_what_is_in_the_image_is_written_down(tmp_path: Path) -> None:
    """Without installing what is installed already."""
    run(f"make -o .venv/installed sbom OUT={tmp_path}/sbom.json", CHECKOUT)
    listed = json.loads((tmp_path / "sbom.json").read_text("utf-8"))
    found = {(one["name"], one["version"]) for one in listed["components"]}
    lock = (CHECKOUT / "deploy" / "image" / "requirements.lock").read_text("utf-8")
    pinned = {*re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", lock, re.MULTILINE)}
    assert len(pinned) > 60
    assert found == pinned


def test_who_returns_an_event_is_found_as_the_readme_says() -> None:
    lines = run("grep -rn TicketSolutionRejected services --include=*.py", CHECKOUT).splitlines()
    made = {line.split(":")[0] for line in lines if "TicketSolutionRejected(" in line}
    heard = {line.split("/")[1] for line in lines if "/app.py:" in line}
    assert len(made) == 1
    assert heard


# ---- requests, as they stand on the pages, at services that run


@pytest.fixture
async def world(servers: Servers) -> AsyncIterator[World]:
    async with running(servers, app_factory("intake"), app_factory("notify")) as world:
        yield world


def requests_of(page: str) -> list[str]:
    return [one for one in FENCED.findall((CHECKOUT / page).read_text("utf-8")) if one.startswith("curl")]


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
async def test_the_requests_of_the_readme_open_and_list_a_ticket(page: str, world: World) -> None:
    [text] = requests_of(page)
    async with serving(world.apps["intake"]) as url:
        said = await asked(text, "localhost:8080", url, TOKEN=world.token(WANG))
    decoder = json.JSONDecoder()
    opened, end = decoder.raw_decode(said)
    listed, _ = decoder.raw_decode(said[end:].lstrip())
    assert opened["ticket"].startswith("TK-")
    assert listed["items"] == []  # nobody has called it urgent


@pytest.mark.parametrize("page", ["docs/identity.md", "docs/zh/identity.md"])
async def test_the_requests_for_api_keys_end_in_a_token(page: str, world: World) -> None:
    make, exchange = requests_of(page)
    public = "https://desk.example.com"
    async with serving(world.apps["notify"]) as url:
        key = json.loads(await asked(make, public, url, TOKEN=world.token(ADMIN)))
        about = {"KEY_ID": key["id"], "KEY_SECRET": key["secret"]}
        token = json.loads(await asked(exchange, public, url, **about))
    assert (token["token_type"], token["expires_in"]) == ("Bearer", 300)


async def asked(text: str, address: str, url: str, **about: str) -> str:
    assert address in text
    return await asyncio.to_thread(run, text.replace(address, url), CHECKOUT, **about)


def run(command: str, folder: Path, **about: str) -> str:
    done = subprocess.run(
        ["/bin/sh", "-ec", command],
        cwd=folder,
        env={**os.environ, **about},
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
