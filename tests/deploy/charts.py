"""What Helm makes of the chart, and what Kubernetes would say of it: which pods a selector takes, who may talk to
whom."""

import copy
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from deploy.local.options import CHECKOUT

Json = dict[str, Any]
Labels = Mapping[str, str]
CHART = CHECKOUT / "deploy" / "helm"
EXAMPLES = sorted((CHART / "examples").glob("*.yaml"))
PRODUCTION, SMALL = (CHART / "examples" / f"{name}.yaml" for name in ("production", "small"))
HELM = shutil.which(os.environ.get("HELM") or "helm")
with_helm = pytest.mark.skipif(HELM is None, reason="Helm is not installed: `make test-helm` fetches one")
OF_OTHERS = {"HTTPRoute", "ScaledObject", "ServiceMonitor", "PrometheusRule"}  # kinds that Kubernetes itself has not
SCHEMA = Path(os.environ.get("KUBERNETES_SCHEMA") or "no-such-file")
NAMESPACE = "kubernetes.io/metadata.name"
HERE = "desk"  # the namespace of the release


def rendered(example: Path, *more: str, release: str = "desk") -> list[Json]:
    """Raises CalledProcessError for what Helm refuses."""
    return copy.deepcopy(_rendered(example, more, release))


@cache
def _rendered(example: Path, more: tuple[str, ...], release: str) -> list[Json]:
    assert HELM
    command = [HELM, "template", release, str(CHART), "-n", HERE, "-f", str(example), *more]
    text = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    return [one for one in yaml.load_all(text, yaml.CSafeLoader) if one]


def of_kind(made: Sequence[Json], *kinds: str) -> list[Json]:
    return [one for one in made if one["kind"] in kinds]


def takes(selector: Json, labels: Labels) -> bool:
    """Whether a selector takes what has these labels; one that is empty takes everything."""
    for one in selector.get("matchExpressions", ()):
        is_one, wants = labels.get(one["key"]) in one.get("values", ()), one["operator"]
        assert wants in ("In", "NotIn")
        if is_one != (wants == "In"):
            return False
    return all(labels.get(name) == value for name, value in selector.get("matchLabels", {}).items())


def faults(made: list[Json]) -> Iterator[str]:
    """By the schemas of Kubernetes, in which no field may be that it does not know."""
    every = json.loads(SCHEMA.read_text("utf-8"))["$defs"]
    kinds = {
        ("/".join(filter(None, (kind["group"], kind["version"]))), kind["kind"]): name
        for name, one in every.items()
        for kind in one.get("x-kubernetes-group-version-kind", ())
    }
    for one in made:
        if one["kind"] not in OF_OTHERS:
            schema = {"$ref": f"#/$defs/{kinds[one['apiVersion'], one['kind']]}", "$defs": every}
            for fault in jsonschema.Draft7Validator(schema).iter_errors(one):
                yield f"{one['kind']} {one['metadata']['name']} {fault.json_path}: {fault.message[:200]}"


@dataclass(frozen=True)
class Pod:
    name: str
    labels: Labels
    namespace: str = HERE
    namespace_labels: Labels = field(default_factory=dict)

    @property
    def of_namespace(self) -> Labels:
        return {**self.namespace_labels, NAMESPACE: self.namespace}


def pods_of(made: Sequence[Json]) -> Iterator[Pod]:
    """Of its Deployments and Jobs, by the names of these without the release's."""
    for one in of_kind(made, "Deployment", "Job"):
        name = one["metadata"]["name"].removeprefix("desk-bihuan-")
        yield Pod(name, one["spec"]["template"]["metadata"]["labels"])


@dataclass(frozen=True)
class Policies:
    """The NetworkPolicies of a namespace, as a cluster that minds them reads them. In others everything is allowed."""

    every: Sequence[Json]

    @classmethod
    def of(cls, made: Sequence[Json]) -> "Policies":
        return cls([one["spec"] for one in of_kind(made, "NetworkPolicy")])

    def let(self, source: Pod, target: Pod, port: int, protocol: str = "TCP") -> bool:
        """Whether the one may open a connection to the other."""
        ways = ((source, target, "Egress", "to"), (target, source, "Ingress", "from"))
        return all(self._lets(one, other, way, peers, port, protocol) for one, other, way, peers in ways)

    def _lets(self, pod: Pod, other: Pod, way: str, peers: str, port: int, protocol: str) -> bool:
        about = [one for one in self.every if pod.namespace == HERE and takes(one["podSelector"], pod.labels)]
        about = [one for one in about if way in one["policyTypes"]]
        rules = [rule for one in about for rule in one.get(way.lower(), ())]
        return not about or any(_at(rule, port, protocol) and _by(rule.get(peers), other) for rule in rules)


def _at(rule: Json, port: int, protocol: str) -> bool:
    ports = rule.get("ports")
    return not ports or any((one["port"], one.get("protocol", "TCP")) == (port, protocol) for one in ports)


def _by(peers: Sequence[Json] | None, other: Pod) -> bool:
    return not peers or any(
        takes(one.get("podSelector", {}), other.labels)
        and (
            takes(one["namespaceSelector"], other.of_namespace)
            if "namespaceSelector" in one
            else other.namespace == HERE
        )
        for one in peers
    )
