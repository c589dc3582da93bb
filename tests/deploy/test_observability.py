"""What Prometheus and Grafana are told to ask for is what the services say; in a Prometheus too, where there is one
(`prometheus` and `promtool` on the PATH)."""

import asyncio
import json
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from deploy.local.options import CHECKOUT
from shared.testing import Servers, World, running
from tests.servers import app_factory, free_port, process, serving
from tests.triage.builders import OUTAGE, opened

RULES = CHECKOUT / "deploy" / "helm" / "rules.yaml"
FOLDER = CHECKOUT / "deploy" / "compose" / "observability"
DASHBOARD = json.loads((FOLDER / "dashboards" / "bihuan.json").read_text("utf-8"))
CONTAINERS = yaml.safe_load((FOLDER.parent / "compose.yaml").read_text("utf-8"))["services"]
ALERTS = [rule for group in yaml.safe_load(RULES.read_text("utf-8"))["groups"] for rule in group["rules"]]
PANELS = {one["title"]: [target["expr"] for target in one["targets"]] for one in DASHBOARD["panels"]}
SELECTED = re.compile(r"([a-z_]+)\{([a-z_]+)(?:=|=~)\"")
RUNBOOK = re.compile(r"^## (.*)$", re.MULTILINE)
PROMETHEUS, PROMTOOL = shutil.which("prometheus"), shutil.which("promtool")
with_prometheus = pytest.mark.skipif(
    not (PROMETHEUS and PROMTOOL), reason="Prometheus is not installed: on Debian and Ubuntu, apt install prometheus"
)


@pytest.fixture
async def world(servers: Servers) -> AsyncIterator[World]:
    """An urgent ticket that nobody has, and that is not answered in time."""
    async with running(servers, app_factory("triage"), app_factory("sla")) as world:
        await world.publish(opened("TK-2026-000001", OUTAGE))
        for minutes in (30, 60, 31):  # a first answer within two hours
            await world.pass_time(minutes=minutes)
        yield world


async def samples(world: World) -> dict[tuple[str, frozenset[str]], float]:
    """By name and whatever its labels say."""
    found = {}
    for service in world.apps:
        async with world.as_(None, service) as nobody:
            text = (await nobody.get("/metrics")).text
        for family in text_string_to_metric_families(text):
            for one in family.samples:
                found[one.name, frozenset(one.labels.values())] = one.value
    return found


def test_traces_go_by_parts_that_there_are_to_a_container_that_there_is() -> None:
    """The collector refuses a pipeline that names what is not set up, and warns of names that went out of use."""
    config = yaml.safe_load((FOLDER / "collector.yaml").read_text("utf-8"))
    for parts in config["service"]["pipelines"].values():
        assert {kind: [one for one in names if one not in config[kind]] for kind, names in parts.items()} == {
            "receivers": [],
            "processors": [],
            "exporters": [],
        }
        assert parts["processors"][0] == "memory_limiter"
    assert [one for one in config["service"]["extensions"] if one not in config["extensions"]] == []
    assert [*config["exporters"]] == ["otlp_grpc"]
    host = config["exporters"]["otlp_grpc"]["endpoint"].partition(":")[0]
    assert CONTAINERS[host]["profiles"] == ["observability"]
    most = config["processors"]["memory_limiter"]["limit_mib"]
    assert most < int(CONTAINERS["collector"]["mem_limit"].removesuffix("m"))
    assert any("max_traces=" in one for one in CONTAINERS["jaeger"]["command"])


def test_what_shows_figures_starts_with_its_folders_made_and_loads_nothing_from_outside() -> None:
    for name in ("prometheus", "grafana"):
        assert CONTAINERS[name]["depends_on"] == {"prepare": {"condition": "service_completed_successfully"}}
    said = CONTAINERS["grafana"]["environment"]
    assert said["GF_PLUGINS_PREINSTALL_DISABLED"] == "true"
    assert said["GF_ANALYTICS_REPORTING_ENABLED"] == "false"
    sources = yaml.safe_load((FOLDER / "datasources.yaml").read_text("utf-8"))["datasources"]
    assert {one["url"].split("/")[2].partition(":")[0] for one in sources} <= {*CONTAINERS}
    known = {one["uid"] for one in sources}
    panels = [one["datasource"]["uid"] for one in DASHBOARD["panels"] if "datasource" in one]
    assert {*panels} <= known
    assert len(PANELS) == len(DASHBOARD["panels"])


async def test_queue_clocks_and_bus_are_in_the_metrics(world: World) -> None:
    said = await samples(world)
    assert said["bihuan_queue_unassigned", frozenset({"triage", "urgent"})] == 1
    assert said["bihuan_queue_oldest_seconds", frozenset({"triage", "urgent"})] == 121 * 60
    standing = {said["bihuan_tickets_warned", frozenset({"sla", what})] for what in ("at_risk", "breached")}
    assert standing == {0, 1}
    assert ("bihuan_bus_waiting", frozenset({"sla"})) in said


def asked() -> Iterator[str]:
    yield from (one for exprs in PANELS.values() for one in exprs)
    yield from (rule["expr"] for rule in ALERTS)


async def test_what_is_asked_for_has_the_labels_that_it_is_asked_by(world: World) -> None:
    labels: dict[str, set[str]] = {}
    async with world.as_(None, "triage") as nobody:
        await nobody.get("/v1/queue")
        text = (await nobody.get("/metrics")).text
    async with world.as_(None, "sla") as nobody:
        text += (await nobody.get("/metrics")).text
    for family in text_string_to_metric_families(text):
        for one in family.samples:
            labels.setdefault(one.name, set()).update(one.labels)
    wanted = {pair for expr in asked() for pair in SELECTED.findall(expr) if pair[0].startswith("bihuan_")}
    assert len(wanted) >= 4
    assert [pair for pair in sorted(wanted) if pair[1] not in labels.get(pair[0], ())] == []


@pytest.mark.parametrize("folder", ["docs", "docs/zh"])
def test_each_alert_is_explained_in_both_languages(folder: str) -> None:
    """Chinese headings are in the order of the English ones."""
    english = RUNBOOK.findall((CHECKOUT / "docs" / "runbooks.md").read_text("utf-8"))
    page = (CHECKOUT / folder / "runbooks.md").read_text("utf-8")
    here = RUNBOOK.findall(page)
    assert len(here) == len(english) == len(ALERTS)
    anchors = ["-".join(one.lower().split()) for one in english]
    assert {rule["annotations"]["runbook"].partition("#")[2] for rule in ALERTS} == {*anchors}
    parts = dict(zip(here, RUNBOOK.split(page)[2::2], strict=True))
    says = ("*Means:*", "*Look at:*", "*Do:*") if folder == "docs" else ("*含义：*", "*查看：*", "*处理：*")
    assert [name for name, text in parts.items() if not all(word in text for word in says)] == []


@with_prometheus
def test_each_alert_goes_off_when_it_should_and_not_before(tmp_path: Path) -> None:
    assert PROMTOOL
    cases = yaml.safe_load((Path(__file__).parent / "alerts.yaml").read_text("utf-8"))
    tried = {one["alertname"] for test in cases["tests"] for one in test["alert_rule_test"] if one.get("exp_alerts")}
    assert tried == {rule["alert"] for rule in ALERTS}
    shutil.copy(RULES, tmp_path / "rules.yaml")
    (tmp_path / "alerts.yaml").write_text(yaml.safe_dump(cases), "utf-8")
    command = [PROMTOOL, "test", "rules", "alerts.yaml"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


@with_prometheus
async def test_a_prometheus_of_these_files_answers_every_panel(world: World, tmp_path: Path) -> None:
    assert PROMETHEUS
    config = yaml.safe_load((FOLDER / "prometheus.yaml").read_text("utf-8"))
    config["global"]["scrape_interval"] = config["global"]["evaluation_interval"] = "1s"
    config["rule_files"] = [str(RULES)]
    port = free_port()
    about = [f"--config.file={tmp_path / 'prometheus.yaml'}", f"--storage.tsdb.path={tmp_path / 'data'}"]
    async with serving(world.apps["triage"]) as triage, serving(world.apps["sla"]) as sla:
        places = [url.removeprefix("http://") for url in (triage, sla)]
        config["scrape_configs"][0]["static_configs"][0]["targets"] = places
        (tmp_path / "prometheus.yaml").write_text(yaml.safe_dump(config), "utf-8")
        command = [PROMETHEUS, *about, f"--web.listen-address=127.0.0.1:{port}"]
        with process(command, port, tmp_path / "prometheus.log"):
            async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}/api/v1/") as prometheus:
                oldest = PANELS["Age of the oldest unassigned ticket 未分派工单最长等待"][0]
                async with asyncio.timeout(40):
                    while not (found := await ask(prometheus, oldest)):  # noqa: ASYNC110
                        await asyncio.sleep(0.2)
                    while not all(rule["health"] == "ok" for rule in await rules(prometheus)):  # noqa: ASYNC110
                        await asyncio.sleep(0.2)
                assert [(one["metric"], float(one["value"][1])) for one in found] == [({"priority": "urgent"}, 7260.0)]
                for expr in asked():
                    await ask(prometheus, expr)
                assert {rule["name"] for rule in await rules(prometheus)} == {rule["alert"] for rule in ALERTS}


async def ask(prometheus: httpx2.AsyncClient, expr: str) -> list[dict[str, Any]]:
    answer = await prometheus.get("query", params={"query": expr})
    assert answer.status_code == 200, (expr, answer.text)
    found: list[dict[str, Any]] = answer.json()["data"]["result"]
    return found


async def rules(prometheus: httpx2.AsyncClient) -> list[dict[str, Any]]:
    groups = (await prometheus.get("rules")).json()["data"]["groups"]
    return [rule for group in groups for rule in group["rules"]]
