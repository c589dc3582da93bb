"""The chart: what it says of the services is true, and what Helm makes of it where there is one (`HELM`, or `helm`)."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from prometheus_client import REGISTRY

import shared.telemetry  # noqa: F401, which registers the metrics
from deploy.local.options import CHECKOUT
from deploy.services import SERVICES
from shared.events import EVENTS
from shared.settings import Settings
from tests.deploy.charts import CHART, EXAMPLES, HELM, PRODUCTION, SMALL, rendered, with_helm

SCHEMA = json.loads((CHART / "values.schema.json").read_text("utf-8"))
VALUES: dict[str, Any] = yaml.safe_load((CHART / "values.yaml").read_text("utf-8"))
KIND = re.compile(r'kind="([a-z_.]+)"')
METRIC = re.compile(r"bihuan_[a-z_]+")
SET = re.compile(r"name: (BIHUAN_[A-Z_]+)")


def merged(base: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    both = {**base, **more}
    return {
        name: merged(base[name], value) if isinstance(value, dict) and isinstance(base.get(name), dict) else value
        for name, value in both.items()
    }


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_are_values_that_the_schema_allows(example: Path) -> None:
    values = merged(VALUES, yaml.safe_load(example.read_text("utf-8")))
    jsonschema.validate(values, SCHEMA)
    assert set(values["services"]) == set(SERVICES)


@pytest.mark.parametrize(
    "wrong",
    [
        {"services": {"billing": {}}},
        {"services": {"sla": {"autoscaling": {"kind": "both"}}}},
        {"image": {"digest": "latest"}},
        {"settings": {"issuer": "keycloak"}},
        {"secrets": {"name": ""}},
        {"tls": {"required": "maybe"}},
        {"tls": {"authority": {"secret": "Not A Name"}}},
        {"tls": {"authority": {"key": "../ca.crt"}}},
        {"surprise": 1},
    ],
)
def test_values_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(merged(VALUES, wrong), SCHEMA)


def test_every_setting_that_the_chart_gives_is_one_of_the_services() -> None:
    text = (CHART / "templates" / "_helpers.tpl").read_text("utf-8")
    given = {name.removeprefix("BIHUAN_").removesuffix("_FILE").lower() for name in SET.findall(text)}
    elsewhere = {"sign_in_url", "sign_in_token_url", "search_folder"}  # of the portal and of search
    assert len(given) > 10
    assert given - elsewhere <= set(Settings.model_fields)


def test_alerts_and_dashboards_are_about_metrics_and_events_that_there_are() -> None:
    rules = yaml.safe_load((CHART / "rules.yaml").read_text("utf-8"))["groups"][0]["rules"]
    asked = [rule["expr"] for rule in rules]
    for file in (CHART.parent / "compose" / "observability" / "dashboards").glob("*.json"):
        asked += [one["expr"] for panel in json.loads(file.read_text("utf-8"))["panels"] for one in panel["targets"]]
    ends = ("", "_total", "_count", "_bucket")
    known = {f"{metric.name}{end}" for metric in REGISTRY.collect() for end in ends}
    metrics = {name for one in asked for name in METRIC.findall(one)}
    kinds = {kind for one in asked for kind in KIND.findall(one)}
    assert len(metrics) >= 6
    assert metrics <= known
    assert len(kinds) >= 6
    assert kinds <= {event.kind for event in EVENTS}


def test_every_alert_has_a_runbook() -> None:
    rules = yaml.safe_load((CHART / "rules.yaml").read_text("utf-8"))["groups"][0]["rules"]
    text = (CHECKOUT / "docs" / "runbooks.md").read_text("utf-8")
    headings = {"-".join(line.lstrip("# ").lower().split()) for line in text.splitlines() if line.startswith("#")}
    named = {rule["annotations"]["runbook"].removeprefix("docs/runbooks.md#") for rule in rules}
    assert len(named) == len(rules)
    assert named <= headings


@with_helm
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_helm_finds_no_fault(example: Path) -> None:
    assert HELM
    command = [HELM, "lint", "--strict", str(CHART), "-f", str(example)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout


@with_helm
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_pod_is_restricted_and_bounded(example: Path) -> None:
    pods = [one["spec"]["template"]["spec"] for one in rendered(example) if one["kind"] in ("Deployment", "Job")]
    assert len(pods) == 2 * len(SERVICES) + 1
    for pod in pods:
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in (*pod["containers"], *pod.get("initContainers", ())):
            allowed = container["securityContext"]
            assert (allowed["allowPrivilegeEscalation"], allowed["readOnlyRootFilesystem"]) == (False, True)
            assert allowed["capabilities"] == {"drop": ["ALL"]}
            assert container["resources"]["limits"]["memory"]
            assert {"cpu", "memory"} <= set(container["resources"]["requests"])


def by_name(made: list[dict[str, Any]], *kinds: str) -> dict[str, Any]:
    return {one["metadata"]["name"]: one["spec"]["template"]["spec"] for one in made if one["kind"] in kinds}


@with_helm
def test_by_tls_whoever_asks_nats_or_mongodb_has_the_authority_and_refuses_to_do_without() -> None:
    pods = by_name(rendered(PRODUCTION), "Deployment", "Job")
    del pods["desk-bihuan-gateway"]
    assert len(pods) == 2 * len(SERVICES)
    for name, pod in pods.items():
        [container] = pod["containers"]
        assert {"name": "BIHUAN_REQUIRE_TLS", "value": "true"} in container["env"], name
        assert {"name": "authority", "mountPath": "/tls", "readOnly": True} in container["volumeMounts"], name
        [volume] = [one for one in pod["volumes"] if one["name"] == "authority"]
        assert volume["secret"]["secretName"] == "cluster-authority"
        assert volume["secret"]["items"] == [{"key": "ca.crt", "path": "ca.crt"}]
    for pod in by_name(rendered(SMALL), "Deployment", "Job").values():
        assert "authority" not in json.dumps(pod)


@with_helm
def test_nothing_is_scaled_by_two() -> None:
    made = rendered(PRODUCTION)
    scaled = [
        one["spec"]["scaleTargetRef"]["name"]
        for one in made
        if one["kind"] in ("HorizontalPodAutoscaler", "ScaledObject")
    ]
    fixed = [one["metadata"]["name"] for one in made if one["kind"] == "Deployment" and "replicas" in one["spec"]]
    assert sorted(scaled) == sorted(f"desk-bihuan-{name}" for name in SERVICES)
    assert fixed == ["desk-bihuan-gateway"]


@with_helm
def test_without_an_issuer_nothing_is_rendered() -> None:
    assert HELM
    command = [HELM, "template", "desk", str(CHART)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode != 0
    assert "settings.issuer is required" in done.stderr
