"""What the chart makes is what a cluster needs of it: disruption, spread, who may talk to whom, routes, figures, hooks,
scaling. The schemas of Kubernetes are in KUBERNETES_SCHEMA, as `make test-helm` fetches them."""

import copy
from collections import Counter
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
import yaml

from deploy.services import SERVICES
from shared.bus.names import Names
from shared.settings import Settings
from tests.deploy.charts import (
    CHART,
    EXAMPLES,
    OF_OTHERS,
    PRODUCTION,
    SCHEMA,
    SMALL,
    Json,
    Pod,
    Policies,
    faults,
    of_kind,
    pods_of,
    rendered,
    takes,
    with_helm,
)

pytestmark = with_helm
PARTS = {*SERVICES, "gateway"}
HOOKS = {f"prepare-{name}" for name in SERVICES}
each_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def production() -> list[Json]:
    return rendered(PRODUCTION)


def by_part(made: list[Json], *kinds: str) -> dict[str, Json]:
    return {one["metadata"]["name"].removeprefix("desk-bihuan-"): one for one in of_kind(made, *kinds)}


# ---- schemas


@pytest.mark.skipif(not SCHEMA.exists(), reason="there are no schemas of Kubernetes: `make test-helm` fetches them")
@each_example
def test_kubernetes_knows_every_field_and_a_mistyped_one_is_found(example: Path) -> None:
    made = rendered(example)
    assert [*faults(made)] == []
    wrong: list[Callable[[Json], object]] = [
        lambda found: found["spec"].update(replica=2),
        lambda found: found["spec"]["template"]["spec"]["containers"][0].update(resource={}),
        lambda found: found["spec"]["strategy"]["rollingUpdate"].update(maxSurge=True),
        lambda found: found["spec"].pop("selector"),
    ]
    [gateway] = [one for one in of_kind(made, "Deployment") if one["metadata"]["name"].endswith("-gateway")]
    for change in wrong:
        mistyped = copy.deepcopy(gateway)
        change(mistyped)
        assert [*faults([mistyped])] != []


@each_example
def test_names_are_short_enough_and_none_is_given_twice(example: Path) -> None:
    for release in ("desk", "a-release-with-a-name-as-long-as-helm-lets-a-name-be"):
        made = rendered(example, release=release)
        names = Counter((one["apiVersion"], one["kind"], one["metadata"]["name"]) for one in made)
        assert [name for name, times in names.items() if times > 1] == []
        assert max(len(name) for _, _, name in names) <= 63
        assert all(len(value) <= 63 for one in made for value in one["metadata"]["labels"].values())


# ---- disruption, spread, replacement


@each_example
def test_no_more_than_one_replica_is_taken_away_at_a_time(example: Path) -> None:
    made = rendered(example)
    budgets, pods = by_part(made, "PodDisruptionBudget"), {one.name: one for one in pods_of(made)}
    assert {*budgets} == PARTS
    for part, budget in budgets.items():
        spec = budget["spec"]
        assert (spec["maxUnavailable"], spec["unhealthyPodEvictionPolicy"]) == (1, "AlwaysAllow")
        assert [name for name, pod in pods.items() if takes(spec["selector"], pod.labels)] == [part]


@each_example
def test_replicas_are_spread_and_a_new_one_is_ready_before_an_old_one_goes(example: Path) -> None:
    made = rendered(example)
    pods = {one.name: one for one in pods_of(made)}
    deployments = by_part(made, "Deployment")
    assert {*deployments} == PARTS
    for part, one in deployments.items():
        spec, pod = one["spec"], one["spec"]["template"]["spec"]
        assert takes(spec["selector"], pods[part].labels)
        assert spec["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
        spread = pod["topologySpreadConstraints"]
        assert [one["topologyKey"] for one in spread] == ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]
        for rule in spread:
            assert (rule["maxSkew"], rule["whenUnsatisfiable"]) == (1, "ScheduleAnyway")
            assert [name for name in pods if takes(rule["labelSelector"], pods[name].labels)] == [part]
        [container] = pod["containers"]
        assert {"startupProbe", "livenessProbe", "readinessProbe"} <= {*container}
        assert int(container["lifecycle"]["preStop"]["exec"]["command"][1]) + 30 <= pod["terminationGracePeriodSeconds"]


@each_example
def test_a_service_reaches_its_pods_by_the_port_that_they_have(example: Path) -> None:
    made = rendered(example)
    services, deployments = by_part(made, "Service"), by_part(made, "Deployment")
    pods = {one.name: one for one in pods_of(made)}
    assert {*services} == PARTS
    for part, one in services.items():
        assert [name for name, pod in pods.items() if takes({"matchLabels": one["spec"]["selector"]}, pod.labels)] == [
            part
        ]
        [container] = deployments[part]["spec"]["template"]["spec"]["containers"]
        named = {port["name"] for port in container["ports"]}
        assert {port["targetPort"] for port in one["spec"]["ports"]} <= named
        probes = [container[f"{which}Probe"]["httpGet"]["port"] for which in ("startup", "liveness", "readiness")]
        assert {*probes} <= named


# ---- who may talk to whom


PLACES = {"nats": 4222, "mongodb": 27017, "observability": 4318}
DNS = Pod("dns", {"k8s-app": "kube-dns"}, "kube-system")


def test_pods_of_the_release_talk_to_each_other_as_far_as_it_is_named_and_no_further(production: list[Json]) -> None:
    policies, pods = Policies.of(production), [*pods_of(production)]
    assert {pod.name for pod in pods} == PARTS | HOOKS
    may = {
        (source.name, target.name, port)
        for source, target, port in product(pods, pods, (80, 443, 4222, 8000, 8080, 9901))
        if policies.let(source, target, port)
    }
    keys = {(name, "notify", 8000) for name in (PARTS | HOOKS)}
    assert may == {("gateway", name, 8000) for name in SERVICES} | keys


def test_nobody_else_reaches_it_but_the_gateway_of_the_cluster_and_who_reads_figures(production: list[Json]) -> None:
    policies, pods = Policies.of(production), [*pods_of(production)]
    for namespace in ("desk", "default", "gateways", "observability"):
        stranger = Pod("stranger", {"app": "any"}, namespace)
        may = {(pod.name, port) for pod, port in product(pods, (8000, 8080)) if policies.let(stranger, pod, port)}
        reached = {"gateways": {("gateway", 8080)}, "observability": {(name, 8000) for name in (*SERVICES, *HOOKS)}}
        assert may == reached.get(namespace, set()), namespace


def test_it_reaches_nothing_outside_but_what_is_named(production: list[Json]) -> None:
    policies = Policies.of(production)
    for pod in pods_of(production):
        assert policies.let(pod, DNS, 53, "UDP")
        assert policies.let(pod, DNS, 53)
        assert not policies.let(pod, Pod("fake", {}, "default"), 53, "UDP")
        at_stores = pod.name != "gateway"
        for (namespace, port), other in product(PLACES.items(), (*PLACES, "default")):
            there = Pod("server", {"app": "any"}, other)
            wanted = other == namespace and (at_stores or namespace == "observability")
            assert policies.let(pod, there, port) is wanted, (pod.name, other, port)
        world = Pod("world", {}, "anywhere")
        open_ports = {port for port in (22, 25, 80, 443, 465, 587, 993, 3306, 6379) if policies.let(pod, world, port)}
        assert open_ports == ({443, 465, 587, 993} if at_stores else {443})


def test_every_pod_is_under_the_policy_that_lets_nothing(production: list[Json]) -> None:
    [closed] = [
        one["spec"] for one in of_kind(production, "NetworkPolicy") if one["metadata"]["name"].endswith("-else")
    ]
    assert {*closed["policyTypes"]} == {"Ingress", "Egress"}
    assert "ingress" not in closed
    assert all(takes(closed["podSelector"], pod.labels) for pod in pods_of(production))
    assert of_kind(rendered(SMALL), "NetworkPolicy") == []


# ---- routes, figures


def test_the_route_leads_to_the_gateways_service_and_lets_streams_stay_open(production: list[Json]) -> None:
    [route] = of_kind(production, "HTTPRoute")
    assert route["apiVersion"] == "gateway.networking.k8s.io/v1"
    assert route["spec"]["parentRefs"] == [{"name": "public", "namespace": "gateways"}]
    assert route["spec"]["hostnames"] == ["desk.example.com"]
    [rule] = route["spec"]["rules"]
    assert rule["timeouts"] == {"request": "0s"}
    assert rule["matches"] == [{"path": {"type": "PathPrefix", "value": "/"}}]
    [backend] = rule["backendRefs"]
    [service] = [one for one in of_kind(production, "Service") if one["metadata"]["name"] == backend["name"]]
    assert backend["port"] in [port["port"] for port in service["spec"]["ports"]]
    assert of_kind(rendered(SMALL), *OF_OTHERS) == []


def test_figures_are_read_of_every_service_and_of_nothing_else(production: list[Json]) -> None:
    [monitor] = of_kind(production, "ServiceMonitor")
    taken = {
        name: service
        for name, service in by_part(production, "Service").items()
        if takes(monitor["spec"]["selector"], service["metadata"]["labels"])
    }
    assert {*taken} == {*SERVICES}
    [endpoint] = monitor["spec"]["endpoints"]
    assert endpoint["path"] == "/metrics"
    assert all(endpoint["port"] in [port["name"] for port in one["spec"]["ports"]] for one in taken.values())
    [rules] = of_kind(production, "PrometheusRule")
    assert rules["spec"] == yaml.safe_load((CHART / "rules.yaml").read_text("utf-8"))


# ---- hooks


@each_example
def test_streams_and_indexes_are_made_before_replicas_start_and_made_again_without_harm(example: Path) -> None:
    """A hook can only use what there is before the release: nothing that the release itself makes."""
    made = rendered(example)
    jobs = by_part(made, "Job")
    assert {*jobs} == HOOKS
    ours = {(one["kind"], one["metadata"]["name"]) for one in made if "annotations" not in one["metadata"]}
    for name, job in jobs.items():
        about = job["metadata"]["annotations"]
        assert {*about["helm.sh/hook"].split(",")} == {"pre-install", "pre-upgrade"}
        assert {*about["helm.sh/hook-delete-policy"].split(",")} == {"before-hook-creation", "hook-succeeded"}
        assert job["spec"]["backoffLimit"] > 0
        pod = job["spec"]["template"]["spec"]
        assert pod["restartPolicy"] == "OnFailure"
        assert "serviceAccountName" not in pod
        [container] = pod["containers"]
        assert container["args"] == ["deploy.command", "prepare", name.removeprefix("prepare-")]
        kept = [("Secret", one["secret"]["secretName"]) for one in pod["volumes"] if "secret" in one]
        assert kept
        assert not ours & {*kept}
    assert {one["kind"] for one in made if "annotations" in one["metadata"]} == {"Job"}
    assert of_kind(rendered(example, "--set", "prepare.enabled=false"), "Job") == []


# ---- scaling


@pytest.mark.parametrize("kind", ["none", "hpa", "keda"])
def test_a_service_is_scaled_by_one_or_has_its_number(kind: str) -> None:
    chosen = [f"--set=services.{name}.autoscaling.kind={kind}" for name in SERVICES]
    made = rendered(PRODUCTION, *chosen, "--set=services.kb.autoscaling.kind=none")
    hpa, keda = by_part(made, "HorizontalPodAutoscaler"), by_part(made, "ScaledObject")
    scaled = {"none": {}, "hpa": hpa, "keda": keda}[kind]
    assert {*hpa} | {*keda} == {*scaled} == ({*SERVICES} - {"kb"} if kind != "none" else set())
    deployments = by_part(made, "Deployment")
    for name in SERVICES:
        assert ("replicas" in deployments[name]["spec"]) is (name not in scaled)
    for name, one in hpa.items():
        target = one["spec"]["scaleTargetRef"]
        assert (target["kind"], target["name"]) == ("Deployment", deployments[name]["metadata"]["name"])
        assert 1 <= one["spec"]["minReplicas"] <= one["spec"]["maxReplicas"]
        [metric] = one["spec"]["metrics"]
        assert metric["resource"]["name"] == "cpu"
        [container] = deployments[name]["spec"]["template"]["spec"]["containers"]
        assert container["resources"]["requests"]["cpu"]  # of which it is a share
    for name, one in keda.items():
        assert one["spec"]["scaleTargetRef"] == {"name": deployments[name]["metadata"]["name"]}
        assert one["spec"]["fallback"]["replicas"] == one["spec"]["minReplicaCount"] >= 1
        [trigger] = one["spec"]["triggers"]
        names = Names(Settings().prefix, name)
        assert (trigger["metadata"]["stream"], trigger["metadata"]["consumer"]) == (names.stream, names.service)
        assert all(isinstance(value, str) for value in trigger["metadata"].values())  # as KEDA takes them


@each_example
def test_no_secret_is_written_into_what_is_made(example: Path) -> None:
    """Only where they are: files of Secrets that exist."""
    made = rendered(example)
    assert of_kind(made, "Secret", "ConfigMap") == []
    for one in of_kind(made, "Deployment", "Job"):
        pod = one["spec"]["template"]["spec"]
        for container in (*pod["containers"], *pod.get("initContainers", ())):
            for setting in container.get("env", ()):
                hidden = (
                    setting["name"].removesuffix("_FILE").endswith(("_MONGO_URL", "_NATS_URL", "_SECRET", "SMTP_URL"))
                )
                assert not hidden or setting["name"].endswith("_FILE"), setting
