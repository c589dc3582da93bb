"""What compose.yaml starts, without an engine: its rules, its secrets, its gateway."""

import json
import re
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.compose.prepare import prepare
from deploy.gateway.config import render
from deploy.gateway.environment import from_environment
from deploy.local.options import CHECKOUT
from deploy.services import SERVICES

FOLDER = CHECKOUT / "deploy" / "compose"
COMPOSE: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text("utf-8"))
ONE_SHOT = {"prepare", "database", "streams", "demo", "tools"}
VARIABLE = re.compile(r"\$\{([A-Z_]+):\?")


def files(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()}


def test_a_second_start_changes_no_secret_and_a_lost_one_is_made_again(tmp_path: Path) -> None:
    prepare(tmp_path)
    first = files(tmp_path)
    prepare(tmp_path)
    assert files(tmp_path) == first
    (tmp_path / "nats" / "kb.password").unlink()
    prepare(tmp_path)
    again = files(tmp_path)
    changed = {name for name in first if again[name] != first[name]}
    assert changed == {"nats/kb.password", "nats/nats.conf", "kb/nats_url"}
    assert again["nats/kb.password"] in again["nats/nats.conf"]
    users = {one["user"]: one for one in json.loads(again["nats/nats.conf"].partition("authorization: ")[2])["users"]}
    assert "CONSUMER.CREATE.BIHUAN.kb" not in str(users["kb"])


def test_every_secret_is_long_is_another_and_is_read_by_one_user_alone(tmp_path: Path) -> None:
    prepare(tmp_path)
    made = [path for path in tmp_path.rglob("*") if path.suffix in (".password", ".secret", ".key")]
    texts = [path.read_text("ascii") for path in made]
    assert len(made) == 2 * len(SERVICES) + 7
    assert len({*texts}) == len(texts)
    assert min(map(len, texts)) >= 48
    secret = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "envoy.yaml"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in secret} == {0o400}


def test_a_service_is_given_its_own_addresses_and_nobody_elses(tmp_path: Path) -> None:
    prepare(tmp_path)
    for name in SERVICES:
        given = files(tmp_path / name)
        assert given["mongo_url"].startswith(f"mongodb://{name}:")
        assert given["nats_url"].startswith(f"nats://{name}:")
        mounted = [one.split(":")[0] for one in COMPOSE["services"][name]["volumes"]]
        assert mounted == [f"secrets-{name}", f"{name}-data"]


def test_the_gateway_asks_an_identity_provider_by_tls_whose_name_it_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_JWKS", "https://login.sample.example/realms/desk/certs")
    clusters = {one["name"]: one for one in yaml.safe_load(render(from_environment()))["static_resources"]["clusters"]}
    tls = clusters["identity"]["transport_socket"]["typed_config"]
    names = tls["common_tls_context"]["validation_context"]["match_typed_subject_alt_names"]
    assert (tls["sni"], names[0]["matcher"]["exact"]) == ("login.sample.example", "login.sample.example")
    place = clusters["identity"]["load_assignment"]["endpoints"][0]["lb_endpoints"][0]["endpoint"]["address"]
    assert place["socket_address"]["port_value"] == 443
    assert "transport_socket" not in clusters["otlp"]


@pytest.mark.parametrize("jwks", ["keys.json", "file:///keys.json", "https://"])
def test_keys_that_no_gateway_can_ask_for_are_refused(jwks: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_JWKS", jwks)
    with pytest.raises(ValueError, match="is no http or https address"):
        render(from_environment())


def test_every_container_is_hardened_has_a_bound_and_comes_back() -> None:
    for name, one in COMPOSE["services"].items():
        assert one["cap_drop"] == ["ALL"], name
        assert one["security_opt"] == ["no-new-privileges:true"], name
        assert one.get("read_only") or name == "mongo", name  # its image writes where it likes
        if name not in ONE_SHOT:
            assert one["restart"] == "unless-stopped", name
            assert one["mem_limit"], name


def test_only_the_gateway_is_published_beside_the_trial_and_on_this_machine() -> None:
    published = {name: one["ports"] for name, one in COMPOSE["services"].items() if "ports" in one}
    assert published == {
        "gateway": ["${BIHUAN_LISTEN:-127.0.0.1:8080}:8080"],
        "trial": ["127.0.0.1:4318:4318"],
        "jaeger": ["127.0.0.1:16686:16686"],
        "grafana": ["127.0.0.1:3000:3000"],
    }


def test_what_must_be_set_stands_in_both_files_of_settings() -> None:
    text = (FOLDER / "compose.yaml").read_text("utf-8")
    needed = {*VARIABLE.findall(text)}
    assert needed == {"BIHUAN_ISSUER", "BIHUAN_JWKS", "BIHUAN_PUBLIC_URL"}
    for file in ("trial.env", "example.env"):
        lines = (FOLDER / file).read_text("utf-8").splitlines()
        given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
        assert needed <= {name for name, value in given.items() if value}, file
        assert {name for name in given if name != "COMPOSE_PROFILES" and f"${{{name}" not in text} == set(), file


def test_by_tls_everybody_gets_the_authority_and_nobody_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIHUAN_TLS", "true")
    prepare(tmp_path)
    first = files(tmp_path)
    prepare(tmp_path)
    assert files(tmp_path) == first
    given = {name.partition("/")[0] for name in first if name.endswith("/ca.pem")}
    assert given >= {*SERVICES, "mongo"}
    keys = {name for name, text in first.items() if "PRIVATE KEY" in text}
    assert keys == {"authority/authority.pem", "nats/server.pem", "mongo/server.pem"}
    for name in SERVICES:
        assert first[f"{name}/nats_url"].endswith("@nats:4222?tlsCAFile=/secrets/ca.pem")
        assert first[f"{name}/nats_url"].startswith("tls://")
        assert "&tls=true&tlsCAFile=/secrets/ca.pem" in first[f"{name}/mongo_url"]
    assert "handshake_first: true" in first["nats/nats.conf"]
    (tmp_path / "authority" / "authority.pem").unlink()
    prepare(tmp_path)
    again = files(tmp_path)
    assert all(again[name] != first[name] for name in keys)


def test_the_file_for_tls_changes_services_that_there_are_and_mounts_the_authority_once() -> None:
    tls = yaml.safe_load((FOLDER / "tls.yaml").read_text("utf-8"))
    assert set(tls["services"]) <= set(COMPOSE["services"])
    mounts = [
        one
        for service in (*COMPOSE["services"].values(), *tls["services"].values())
        for one in service.get("volumes", ())
    ]
    assert [one for one in mounts if "secrets-authority" in one] == ["secrets-authority:/volumes/authority"]
    plain, by_tls = (" ".join(one["services"]["mongo"]["command"]) for one in (COMPOSE, tls))
    assert "--tlsMode=requireTLS" in by_tls
    assert re.findall(r"--([a-zA-Z_]+)", plain) == re.findall(r"--([a-zA-Z_]+)", by_tls)[:3]
