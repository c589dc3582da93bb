"""A client made from docs/openapi.json by a public generator."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# The generator knows no pictures: to it they are bytes.
AS_BYTES = "content_type_overrides:\n  image/webp: application/octet-stream\n"
SCRIPTS = Path(sys.executable).parent


def generate(folder: Path) -> Path:
    """The folder, with the package `desk_client` in it; a warning of the generator fails."""
    config = folder / "config.yaml"
    config.write_text(AS_BYTES)
    command = [str(SCRIPTS / "openapi-python-client"), "generate", "--meta", "none", "--fail-on-warning"]
    command += ["--path", str(ROOT / "docs" / "openapi.json"), "--output-path", str(folder / "desk_client")]
    command += ["--config", str(config)]
    path = f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"  # it formats what it made
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PATH": path}, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "arning" not in done.stdout + done.stderr
    return folder
