"""The image as an engine built it."""

import json
import os

import pytest

from tests.deploy_live.engine import docker

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(1900)]
TOOLS = ("gcc", "cc", "g++", "make", "git", "curl", "wget")


def test_it_is_nobodys_knows_its_release_and_has_no_tools_to_build(image: str) -> None:
    [about] = json.loads(docker("image", "inspect", image))
    config = about["Config"]
    assert config["User"] == "10001:10001"
    assert config["Labels"]["org.opencontainers.image.licenses"] == "Apache-2.0"
    assert config["Labels"]["org.opencontainers.image.version"]
    assert config["Healthcheck"]["Test"][-2:] == ["deploy.serve", "--healthy"]
    assert "BIHUAN_ENV=production" in config["Env"]
    found = docker("run", "--rm", "--entrypoint", "sh", image, "-c", f"command -v {' '.join(TOOLS)} || true")
    assert found == ""


def test_it_runs_where_nothing_can_be_written_and_refuses_what_is_for_trials(image: str) -> None:
    hardened = ("--rm", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--network", "none")
    assert "doctor" in docker("run", *hardened, "--entrypoint", "bihuan", image, "--help")
    said = docker("run", *hardened, "-e", "SERVICE=sla", image, check=False)
    assert said == ""  # it did not start
    with pytest.raises(AssertionError, match="BIHUAN_ENV is production, and BIHUAN_ISSUER is the local one"):
        docker("run", *hardened, "-e", "SERVICE=sla", os.environ["BIHUAN_IMAGE"])
